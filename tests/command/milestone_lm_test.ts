import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { runTask } from "./run_task.ts";

const milestone = (...flags: string[]) => runTask("milestone:lm", flags);

function temporaryFolder(): string {
  return `tests/.tmp/milestone-${crypto.randomUUID()}`;
}

async function entries(folder: string): Promise<string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
  } catch {
    return [];
  }
}

const small = ["--grammar", "parity", "--n", "2", "--train", "100", "--valid", "20"]
  .concat("--generate", "20", "--epochs", "1", "--models", "random,count-2,mlp-1,grammar");

Deno.test("milestone:lm prints a table, lines of progress and writes the report", async () => {
  const out = temporaryFolder();
  const { code, stdout, stderr } = await milestone(...small, "--out", out);
  assertEquals([code, stderr.split(" loss")[0]], [0, "mlp-1: done"]);
  assertMatch(stdout, /^model +weights +context/m);
  assertMatch(stdout, /^grammar .* 100\.0 \(/m);
  const report = JSON.parse(await Deno.readTextFile(`${out}/report.json`));
  assertEquals(report.models.length, 4);
  assertEquals((await entries(out)).some((name) => name.endsWith(".tmp")), false);
  await Deno.remove(out, { recursive: true });
});

Deno.test("milestone:lm --threads writes the same report for any number", async () => {
  const out = temporaryFolder();
  const large = [...small, "--models", "mlp-2", "--scale", "40", "--batch", "100", "--json"];
  const reports = [];
  for (const threads of ["1", "2"]) {
    const { code, stdout } = await milestone(...large, "--threads", threads, "--out", out);
    assertEquals(code, 0);
    reports.push(stdout.replaceAll(/"\w+(Seconds|PerSecond)": .*\n/g, ""));
    await Deno.remove(out, { recursive: true });
  }
  assertEquals(reports[1], reports[0]);
});

Deno.test("milestone:lm --jobs writes the same report and page for any number", async () => {
  const out = temporaryFolder();
  const names = ["count-2", "bigram", "rnn", "transformer"];
  const models = ["--models", names.join(), "--json"];
  const written = [];
  for (const jobs of ["1", "2", "3"]) {
    const { code, stdout } = await milestone(...small, ...models, "--jobs", jobs, "--out", out);
    assertEquals(code, 0);
    assertEquals(JSON.parse(stdout).models.map(({ name }: { name: string }) => name), names);
    const page = await Deno.readTextFile(`${out}/report.html`);
    const inside = page.slice(page.indexOf("Inside bigram"), page.indexOf("What it cost"));
    written.push([stdout.replaceAll(/"\w+(Seconds|PerSecond)": .*\n/g, ""), inside]);
  }
  assertEquals(written[1], written[0]);
  assertEquals(written[2], written[0]);
  await Deno.remove(out, { recursive: true });
});

Deno.test("milestone:lm --json prints the report and nothing else, the same for the same seed", async () => {
  const [out, again] = [temporaryFolder(), temporaryFolder()];
  const { code, stdout } = await milestone(...small, "--json", "--out", out);
  assertEquals(code, 0);
  assertEquals(stdout, await Deno.readTextFile(`${out}/report.json`));
  const { stdout: second } = await milestone(...small, "--json", "--out", again);
  const untimed = (text: string) => text.replaceAll(/"\w+(Seconds|PerSecond)": .*\n/g, "");
  assertEquals(untimed(second), untimed(stdout));
  await Promise.all([out, again].map((folder) => Deno.remove(folder, { recursive: true })));
});

Deno.test("milestone:lm says that it replaces a run, and how to get past one of other flags", async () => {
  const out = temporaryFolder();
  const run = (...flags: string[]) => milestone(...small, "--out", out, ...flags);
  await run();
  assertStringIncludes((await run()).stderr, `Replacing the run that was in ${out}; --resume goes`);
  const quiet = await run("--restart");
  assertEquals([quiet.code, quiet.stderr.includes("Replacing")], [0, false]);
  const { code, stderr } = await run("--resume", "--epochs", "2");
  assertEquals(code, 1);
  assertMatch(stderr, /a run with epochs 1, got epochs 2; without --resume the run begins anew$/m);
  assertStringIncludes((await run("--resume", "--restart")).stderr, "cannot be used with");
  await Deno.remove(out, { recursive: true });
});

for (
  const [flags, message] of [
    ["--n 1 --grammar sticky", "Expected N of at least 3 for the sticky grammar, got 1"],
    ["--models nope", "got nope"],
    ["--n two", "argument 'two' is invalid. Expected a whole number of at least 1."],
    ["--learning-rate 0", "Expected a number above 0."],
    ["--nonsense", "unknown option '--nonsense'; --help lists the options"],
    ["--backend gpu", "Allowed choices are auto, simd"],
  ] as const
) {
  Deno.test(`milestone:lm ${flags} fails with one line and writes nothing`, async () => {
    const out = temporaryFolder();
    const { code, stdout, stderr } = await milestone(...flags.split(" "), "--out", out);
    assertEquals([code, stdout], [1, ""]);
    assertStringIncludes(stderr, message);
    assertEquals(stderr.trimEnd().split("\n").length, 1, stderr);
    assertEquals(await entries(out), []);
  });
}

Deno.test("milestone:lm --out on a file fails with one line and leaves the file", async () => {
  const { code, stdout, stderr } = await milestone("--out", "deno.json");
  assertEquals([code, stdout], [1, ""]);
  assertStringIncludes(stderr, "Expected a folder that can be written, got deno.json");
  assertEquals(stderr.trimEnd().split("\n").length, 1, stderr);
});

Deno.test("milestone:lm --out beyond the project fails with one line", async () => {
  const { code, stderr } = await milestone(...small, "--out", "/nowhere/lm");
  assertEquals(code, 1);
  assertStringIncludes(stderr, "Expected a folder inside the project, got /nowhere/lm; to write");
  assertStringIncludes(stderr, "--allow-write=/nowhere/lm lib/lm/command/milestone.ts");
  assertEquals(stderr.trimEnd().split("\n").length, 1, stderr);
});

Deno.test("milestone:lm --help says all flags", async () => {
  const { code, stdout } = await milestone("--help");
  assertEquals(code, 0);
  for (const flag of ["--grammar", "--models", "--learning-rate", "--out", "--json", "--seed"]) {
    assertStringIncludes(stdout, flag);
  }
  assertEquals(stdout.split("\n").every((line) => line.length <= 80), true);
});
