import { assert, assertEquals } from "@std/assert";
import { readSafetensors } from "../../../lib/safetensors/mod.ts";
import { createRandom } from "../../../lib/random.ts";

const root = new URL("../../../", import.meta.url).pathname;
const script = "tests/lm/checkpoint/train_until_killed.ts";

function start(folder: string): Deno.ChildProcess {
  const permissions = ["--allow-read", "--allow-env", "--allow-write=tests/.tmp"];
  return new Deno.Command("deno", {
    args: ["run", "--quiet", "--no-check", ...permissions, script, folder],
    cwd: root,
    stdout: "piped",
  }).spawn();
}

/** Lets a run begin so many writes, waits a little, and kills it; resolves to whether it was done before. */
async function runUntilKilled(
  folder: string,
  { writes, milliseconds }: { writes: number; milliseconds: number },
): Promise<boolean> {
  const child = start(folder);
  const decoder = new TextDecoder();
  let output = "";
  let timer: ReturnType<typeof setTimeout> | undefined;
  const killLater = () => timer ??= setTimeout(() => kill(child), milliseconds);
  if (writes === 0) killLater();
  for await (const bytes of child.stdout) {
    output += decoder.decode(bytes);
    if (output.split(".").length > writes) killLater();
  }
  const { code, signal } = await child.status;
  clearTimeout(timer);
  assert(code === 0 || signal === "SIGKILL", `the run failed with ${code}`);
  return output.endsWith("done");
}

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch (error) { // it was done a moment before
    if (!(error instanceof TypeError)) throw error;
  }
}

/** The bytes of all models and the tensors of all states in a folder. */
function contents(folder: string): unknown[] {
  const names = ["rnn", "transformer"];
  return [
    ...names.map((name) => Deno.readFileSync(`${folder}/models/${name}.safetensors`)),
    ...names.map((name) => readSafetensors(`${folder}/training/${name}.safetensors`)),
  ];
}

Deno.test("runs that are killed at twenty moments and resumed end with the bytes of one that was not", async () => {
  const folder = `${root}tests/.tmp/resume/${crypto.randomUUID()}`;
  const rng = createRandom(0, "kill");
  assert(await runUntilKilled(`${folder}/whole`, { writes: Infinity, milliseconds: 0 }));
  const expected = contents(`${folder}/whole`);
  let kills = 0;
  for (let round = 0; kills < 20; round++) {
    let done = false;
    while (!done) {
      const writes = kills >= 20 ? Infinity : 1 + rng.integer(3);
      done = await runUntilKilled(`${folder}/${round}`, {
        writes: rng.uniform() < 0.2 && kills < 20 ? 0 : writes,
        milliseconds: 10 * rng.uniform() ** 2,
      });
      if (!done) kills++;
    }
    assertEquals(contents(`${folder}/${round}`), expected);
  }
  for await (const { name } of Deno.readDir(`${folder}/0/training`)) {
    assert(!name.endsWith(".tmp"), `${name} was left behind`);
  }
});
