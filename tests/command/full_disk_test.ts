import { assertEquals, assertMatch } from "@std/assert";

const root = new URL("../../", import.meta.url).pathname;
const small = "--grammar parity --n 2 --train 60 --valid 10 --test 10 --generate 5 --epochs 2"
  .concat(" --models mlp-1 --backend simd").split(" ");

/** A run on a disk with room for so many bytes, see on_full_disk.ts. */
async function run(out: string, { room, flags = [] }: { room: number; flags?: string[] }) {
  const { code, stderr } = await new Deno.Command("deno", {
    args: ["run", "--quiet", "--no-check", "--allow-read", "--allow-env", "--allow-write=."]
      .concat("tests/command/on_full_disk.ts", `${room}`, "--out", out, small, flags),
    cwd: root,
    env: { NO_COLOR: "1" },
  }).output();
  return { code, stderr: new TextDecoder().decode(stderr) };
}

async function filesIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    found.push(...isDirectory ? await filesIn(`${folder}/${name}`) : [`${folder}/${name}`]);
  }
  return found.sort();
}

Deno.test("a disk that is full ends a run with one line and nothing half-written, and it goes on later", async () => {
  const folder = `tests/.tmp/full-disk/${crypto.randomUUID()}`;
  const whole = await run(`${folder}/whole`, { room: Infinity });
  assertEquals(whole.code, 0, whole.stderr);
  const weights = (out: string) => Deno.readFileSync(`${root}${out}/models/mlp-1.safetensors`);
  for (const room of [0, 10_000, 200_000]) { // the first state, the second, the page
    const out = `${folder}/${room}`;
    const { code, stderr } = await run(out, { room });
    assertEquals(code, 1, stderr);
    assertMatch(
      stderr.trimEnd().split("\n").at(-1)!,
      /^Expected to be able to write \S+, got No space left on device \(os error 28\)$/,
    );
    assertEquals((await filesIn(root + out)).filter((name) => name.endsWith(".tmp")), []);
    assertEquals((await run(out, { room: Infinity, flags: ["--resume"] })).code, 0);
    assertEquals(weights(out), weights(`${folder}/whole`));
  }
});
