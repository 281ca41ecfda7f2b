import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { runTask } from "./run_task.ts";

const milestone = (...flags: string[]) => runTask("milestone:nn", flags);

const small = ["--grid", "10", "--batch", "20", "--epochs", "4", "--autograd-epochs", "2"];

function temporaryFolder(): string {
  return `tests/.tmp/milestone-nn-${crypto.randomUUID()}`;
}

Deno.test("milestone:nn prints a table, lines of progress and writes both reports", async () => {
  const out = temporaryFolder();
  const { code, stdout, stderr } = await milestone(...small, "--out", out);
  assertEquals([code, stderr.split(" loss")[0]], [0, "autograd sgd: 50 %"]);
  assertMatch(stdout, /^stack +optimizer +parameters +steps +train loss/m);
  assertMatch(stdout, /^layers +adam +33 +16 /m);
  assertStringIncludes(stdout, "Same start, same path (adam)");
  const report = JSON.parse(await Deno.readTextFile(`${out}/report.json`));
  assertEquals(report.runs.length, 6);
  assertStringIncludes(await Deno.readTextFile(`${out}/report.html`), "<!doctype html>");
  await Deno.remove(out, { recursive: true });
});

Deno.test("milestone:nn --json prints the report and nothing else", async () => {
  const out = temporaryFolder();
  const { code, stdout } = await milestone(...small, "--json", "--out", out);
  assertEquals([code, stdout], [0, await Deno.readTextFile(`${out}/report.json`)]);
  await Deno.remove(out, { recursive: true });
});

Deno.test("milestone:nn --help names every flag", async () => {
  const { code, stdout } = await milestone("--help");
  assertEquals(code, 0);
  const flags = ["hidden", "batch", "epochs", "autograd-epochs", "grid", "learning-rate"]
    .concat("sgd-learning-rate", "seed", "backend", "out", "json");
  for (const flag of flags) assertStringIncludes(stdout, `--${flag}`);
});

for (
  const [flags, message] of [
    ["--hidden 0", "argument '0' is invalid. Expected a whole number of at least 1."],
    ["--learning-rate -1", "argument '-1' is invalid. Expected a number above 0."],
    ["--hiden 8", "unknown option '--hiden'"],
    ["--grid 99999999", "Expected a grid of at most 1000 points a side, got 99999999"],
    ["--backend abacus", "Allowed choices are auto, simd, native, wasm, cpu, webgpu"],
    ["--grid 10 --sgd-learning-rate 1", "Expected the loss of the autograd stack to fall, got"],
  ] as const
) {
  Deno.test(`milestone:nn ${flags} fails with one line`, async () => {
    const out = temporaryFolder();
    const { code, stdout, stderr } = await milestone(...flags.split(" "), "--out", out);
    assertEquals([code, stdout, stderr.trimEnd().split("\n").length], [1, "", 1]);
    assertStringIncludes(stderr, message);
    const left = await Array.fromAsync(Deno.readDir(out)).catch(() => []);
    assertEquals(left, []);
    await Deno.remove(out, { recursive: true }).catch(() => {});
  });
}
