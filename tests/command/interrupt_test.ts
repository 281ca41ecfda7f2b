import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";

const root = new URL("../../", import.meta.url).pathname;
const newFolder = () => `tests/.tmp/interrupt/${crypto.randomUUID()}`;

/** A run that takes a few seconds, started as a task does. */
function start(folder: string, ...flags: string[]): Deno.ChildProcess {
  const permissions = ["--allow-read", "--allow-env", "--allow-write=."];
  const size = "--models mlp-2 --train 4000 --valid 20 --generate 5 --epochs 4 --backend simd";
  return new Deno.Command("deno", {
    args: ["run", "--quiet", "--no-check", ...permissions, "lib/lm/command/milestone.ts"]
      .concat(size.split(" "), "--out", folder, flags),
    cwd: root,
    env: { NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Presses Ctrl-C once training is under way; resolves to how the run ended. */
async function interrupt(child: Deno.ChildProcess): Promise<{ code: number; stderr: string }> {
  const decoder = new TextDecoder();
  let [stderr, pressed] = ["", false];
  for await (const bytes of child.stderr) {
    stderr += decoder.decode(bytes);
    if (pressed || !stderr.includes("mlp-2: 25 %")) continue;
    child.kill("SIGINT");
    pressed = true;
  }
  await child.stdout.cancel();
  return { code: (await child.status).code, stderr };
}

Deno.test("Ctrl-C ends a run after the step with a checkpoint, from which the same weights come", async () => {
  const [whole, stopped] = [newFolder(), newFolder()];
  const { code: done } = await start(whole).output();
  assertEquals(done, 0);
  const { code, stderr } = await interrupt(start(stopped));
  assertEquals(code, 130, stderr);
  assertMatch(stderr, /^Stopping after this step; Ctrl-C again stops at once$/m);
  const last = stderr.trimEnd().split("\n").at(-1)!;
  assertMatch(last, /^Stopped mlp-2 after step \d+; the same command with --resume goes on/);
  const names = Array.from(Deno.readDirSync(root + stopped), ({ name }) => name);
  assertEquals(names, ["training"]);
  const { code: resumed } = await start(stopped, "--resume").output();
  assertEquals(resumed, 0);
  const weights = (folder: string) =>
    Deno.readFileSync(`${root}${folder}/models/mlp-2.safetensors`);
  assertEquals(weights(stopped), weights(whole));
});

Deno.test("watchInterrupts() takes the first Ctrl-C, and leaves the second to the system", async () => {
  const code = `import { watchInterrupts } from "./lib/command/mod.ts";
    const watch = watchInterrupts();
    console.log(await watch.requested());
    while (!await watch.requested());
    console.log(await watch.requested());
    await new Promise((resolve) => setTimeout(resolve, 1e6));`;
  const child = new Deno.Command("deno", {
    args: ["eval", "--no-check", "--ext=ts", code],
    cwd: root,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const decoder = new TextDecoder();
  let stdout = "";
  for await (const bytes of child.stdout) {
    const before = stdout;
    stdout += decoder.decode(bytes);
    for (const said of ["false\n", "true\n"]) {
      if (!before.includes(said) && stdout.includes(said)) child.kill("SIGINT");
    }
  }
  const { signal } = await child.status;
  assertEquals([stdout, signal], ["false\ntrue\n", "SIGINT"]);
  assertStringIncludes(await new Response(child.stderr).text(), "Stopping after this step");
});
