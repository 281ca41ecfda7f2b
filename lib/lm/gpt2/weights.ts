/** The weights of a GPT-2 folder: one safetensors file or several, never a pickle. */
import {
  CheckpointError,
  isObject,
  openSafetensors,
  parseObject,
  readAll,
  requireTensors,
  type Rows,
  type SafetensorsFile,
  shown,
  type TensorEntry,
  within,
} from "../../safetensors/mod.ts";

/** Open files of weights, by our names of the tensors in them. */
export interface Weights {
  /** What each tensor is. */
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  /** Reads one tensor, or some of its rows; half-width floats become float32. */
  read(name: string, rows?: Rows): Float32Array<ArrayBuffer>;
  /** Closes the files. */
  [Symbol.dispose](): void;
}

const SINGLE = "model.safetensors";
const INDEX = "model.safetensors.index.json";
const MOST_JSON = 100_000_000;

/**
 * Opens the weights of a folder and holds them to the shapes that a model needs.
 *
 * @throws CheckpointError on missing, malformed or other tensors, and on pickled weights
 */
export function openWeights(
  folder: string,
  shapes: ReadonlyMap<string, readonly number[]>,
): Weights {
  const { names, map } = weightFiles(folder);
  const files: SafetensorsFile[] = [];
  const dispose = () => files.forEach((file) => file[Symbol.dispose]());
  try {
    const places = new Map<string, { file: SafetensorsFile; name: string; entry: TensorEntry }>();
    for (const path of names) {
      const file = openSafetensors(path);
      files.push(file);
      if (map) within(`${folder}/${INDEX}`, () => requireMapped(map, { file, path }));
      for (const [name, entry] of file.tensors) {
        const ours = ourName(name);
        if (ours === undefined) continue;
        if (places.has(ours)) {
          throw new CheckpointError(`Expected ${name} once in ${folder}, found it twice`);
        }
        places.set(ours, { file, name, entry });
      }
    }
    const tensors = new Map(Array.from(places, ([name, { entry }]) => [name, entry]));
    // a tied head is sometimes stored a second time
    const [head, embedding] = ["lm_head.weight", "transformer.wte.weight"];
    const copied = tensors.has(head) && !shapes.has(head);
    const needed = copied ? new Map([...shapes, [head, shapes.get(embedding)!]]) : shapes;
    within(names.length === 1 ? names[0]! : folder, () => requireTensors(tensors, needed));
    const read = (name: string, rows?: Rows) => {
      const { file, name: stored } = places.get(name)!;
      return file.read(stored, rows).values as Float32Array<ArrayBuffer>;
    };
    if (copied) requireEqual({ read, head, embedding, folder, rows: shapes.get(embedding)![0]! });
    return { tensors, read, [Symbol.dispose]: dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

/**
 * GPT-2's published files lack the `transformer.` of the names, and hold the causal masks as if
 * they had been learned.
 */
function ourName(name: string): string | undefined {
  if (/^(transformer\.)?h\.\d+\.attn\.(masked_)?bias$/.test(name)) return undefined;
  return name.startsWith("transformer.") || name === "lm_head.weight"
    ? name
    : `transformer.${name}`;
}

function requireEqual(
  { read, head, embedding, folder, rows }: {
    read: Weights["read"];
    head: string;
    embedding: string;
    folder: string;
    rows: number;
  },
): void {
  const step = 1000; // rows at a time, so that neither is held whole
  let equal = true;
  for (let first = 0; first < rows && equal; first += step) {
    const some = { first, count: Math.min(step, rows - first) };
    const other = read(embedding, some);
    equal = read(head, some).every((value, i) => value === other[i]);
  }
  if (equal) return;
  throw new CheckpointError(
    `Expected lm_head.weight in ${folder} to equal wte.weight, since tie_word_embeddings is true`,
  );
}

/** Where an index says that each tensor is: a file's name by the tensor's. */
type WeightMap = ReadonlyMap<string, string>;

/** Holds a file to the tensors that the index says are in it. */
function requireMapped(
  map: WeightMap,
  { file, path }: { file: SafetensorsFile; path: string },
): void {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const lost = [...map].find(([tensor, at]) => at === name && !file.tensors.has(tensor));
  if (lost) throw new CheckpointError(`expected ${shown(lost[0])} in ${name}, found none`);
  const counts = [...file.tensors.keys()].filter((tensor) => ourName(tensor) !== undefined);
  const other = counts.find((tensor) => map.get(tensor) !== name);
  if (other === undefined) return;
  const said = map.has(other) ? shown(map.get(other)) : "nothing";
  throw new CheckpointError(
    `expected "${name}" as weight_map of ${shown(other)}, which is there, got ${said}`,
  );
}

/** The files that hold the weights, and what an index says of them. */
function weightFiles(folder: string): { names: readonly string[]; map?: WeightMap } {
  const names = listFolder(folder);
  if (names.includes(SINGLE)) return { names: [`${folder}/${SINGLE}`] };
  if (names.includes(INDEX)) return indexedFiles(folder);
  const pickle = names.find((name) => /\.(bin|pt|pth|ckpt|pkl)$/.test(name));
  if (pickle === undefined) {
    throw new CheckpointError(`Expected ${SINGLE} or ${INDEX} in ${folder}, found neither`);
  }
  throw new CheckpointError(
    `Expected ${SINGLE} in ${folder}, got ${pickle}: pickled weights are refused, for reading a ` +
      `pickle can run any code that its author put there; save the model again in safetensors`,
  );
}

function listFolder(folder: string): string[] {
  try {
    return Array.from(Deno.readDirSync(folder), ({ name }) => name);
  } catch (error) {
    throw new CheckpointError(`Expected a folder, got ${folder} (${(error as Error).message})`);
  }
}

function indexedFiles(folder: string): { names: readonly string[]; map: WeightMap } {
  return within(`${folder}/${INDEX}`, () => {
    const index = parseObject(readAll(`${folder}/${INDEX}`, { most: MOST_JSON }));
    const map = index.weight_map;
    if (!isObject(map)) throw new CheckpointError("expected an object as weight_map");
    const files = [...new Set(Object.values(map))];
    const wrong = files.find((file) =>
      typeof file !== "string" || !/^[\w.-]+\.safetensors$/.test(file)
    );
    if (wrong !== undefined) {
      throw new CheckpointError(
        `expected names of safetensors files in the folder as weight_map, got ${
          JSON.stringify(wrong).slice(0, 80)
        }`,
      );
    }
    return {
      names: files.map((file) => `${folder}/${file}`),
      map: new Map(Object.entries(map) as [string, string][]),
    };
  });
}
