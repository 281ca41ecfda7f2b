/**
 * Fails on a circle of imports in `lib`, on an arrow that goes up, and on one that leaves `lib`. Run by
 * `deno task ok`. Imports of types count: a file is read with all that it names.
 */
import { runCommand, UsageError } from "../lib/command/mod.ts";

/**
 * The house, from the ground up. A room is a file or a folder; the longest name that fits a file is its
 * room. A file imports from its own room and from rooms on lower floors.
 */
export const floors: string[][] = [
  ["lib/errors.ts", "lib/extremes.ts", "lib/random.ts", "lib/table.ts"],
  ["lib/bundle.ts", "lib/files.ts", "lib/workers.ts"],
  [
    "lib/autograd",
    "lib/command",
    "lib/grammar",
    "lib/plot",
    "lib/safetensors",
    "lib/tensor",
    "lib/tokenizer",
  ],
  ["lib/chat"],
  ["lib/lm/data/vocabulary.ts"],
  ["lib/lm/language_model.ts"],
  ["lib/lm/data"],
  ["lib/lm/models", "lib/lm/text"],
  ["lib/lm/sampling", "lib/lm/training"],
  ["lib/lm/checkpoint", "lib/lm/judging"],
  ["lib/lm/analysis", "lib/lm/gpt2"],
  ["lib/lm/run", "lib/lm/typing"],
  ["lib/lm/core.ts"],
  ["lib/lm/mod.ts"],
  ["lib/lm/page"],
  ["lib/autograd/milestone", "lib/lm/command", "lib/lm/study", "lib/nn", "lib/playground"],
  ["lib/exercises", "lib/site"],
];

/** For each file what it imports. */
export type Imports = Map<string, string[]>;

/** What is wrong with these imports, a line each. */
export function faults(imports: Imports, house: string[][] = floors): string[] {
  const floorOf = new Map(house.flatMap((rooms, floor) => rooms.map((room) => [room, floor])));
  const roomOf = (file: string) =>
    [...floorOf.keys()].filter((room) => file === room || file.startsWith(`${room}/`))
      .sort((a, b) => b.length - a.length)[0];
  const arrows = [...imports].flatMap(([file, used]) =>
    used.map((other) => [file, other] as const)
  );
  const homeless = [...imports.keys()].filter((file) => roomOf(file) === undefined);
  const wrong = arrows.filter(([file, other]) => {
    const [from, to] = [roomOf(file), roomOf(other)];
    if (from === undefined || from === to) return false;
    return to === undefined || floorOf.get(to)! >= floorOf.get(from)!;
  });
  return [
    ...homeless.map((file) => `${file} is in no room of tests/rooms.ts`),
    ...wrong.map(([file, other]) => `${file} imports ${other}, which is no lower room`),
    ...circles(imports).map((circle) => `A circle: ${circle.join(" → ")}`),
  ];
}

/** A circle through each group of files that reach one another. */
function circles(imports: Imports): string[][] {
  const found: string[][] = [];
  const done = new Set<string>();
  const visit = (file: string, path: string[]): void => {
    const start = path.indexOf(file);
    if (start >= 0) return void found.push([...path.slice(start), file]);
    if (done.has(file)) return;
    for (const other of imports.get(file) ?? []) visit(other, [...path, file]);
    done.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
  return found;
}

/** All files of `lib` with what they import of this project, as Deno resolves it. */
export async function importsOfLib(): Promise<Imports> {
  const files = await filesIn("lib");
  const entry = `tests/.tmp/rooms-${crypto.randomUUID().slice(0, 8)}.ts`;
  await Deno.mkdir("tests/.tmp", { recursive: true });
  await Deno.writeTextFile(entry, files.map((file) => `import "../../${file}";\n`).join(""));
  const { success, stdout, stderr } = await new Deno.Command("deno", {
    args: ["info", "--json", entry],
  }).output();
  await Deno.remove(entry);
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as { modules: Module[] };
  const root = new URL("../", import.meta.url).href;
  const imports: Imports = new Map();
  for (const { specifier, dependencies = [] } of modules) {
    if (!specifier.startsWith(`${root}lib/`)) continue;
    const used = dependencies.flatMap(({ code, type }) => code?.specifier ?? type?.specifier ?? [])
      .filter((other) => other.startsWith(root)).map((other) => other.slice(root.length));
    imports.set(specifier.slice(root.length), used);
  }
  return imports;
}

/** What `deno info --json` says of a module. */
interface Module {
  specifier: string;
  dependencies?: { code?: { specifier?: string }; type?: { specifier?: string } }[];
}

/** The sources below a folder, without those that AssemblyScript compiles. */
async function filesIn(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (path === "lib/tensor/kernels") continue;
    if (isDirectory) files.push(...await filesIn(path));
    else if (name.endsWith(".ts")) files.push(path);
  }
  return files.sort();
}

if (import.meta.main) {
  await runCommand(async () => {
    const imports = await importsOfLib();
    const found = faults(imports);
    if (found.length > 0) throw new UsageError(found.join("\n"));
    console.log(`${imports.size} files on ${floors.length} floors: all arrows go down, no circle`);
  });
}
