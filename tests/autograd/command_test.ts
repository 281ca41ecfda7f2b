/** `deno task milestone:autograd` as a process of its own. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";

async function run(...flags: string[]) {
  const { code, stdout, stderr } = await new Deno.Command("deno", {
    args: [
      "run",
      "--no-prompt",
      "--allow-read",
      "--allow-env",
      "--allow-write=tests/.tmp",
      "lib/autograd/milestone/command.ts",
      ...flags,
    ],
    env: { NO_COLOR: "1" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

/** Runs a test with the name of a folder of its own, and takes the folder away after it. */
async function inFolder(test: (out: string) => Promise<void>): Promise<void> {
  const out = `tests/.tmp/autograd-${crypto.randomUUID()}`;
  try {
    await test(out);
  } finally {
    await Deno.remove(out, { recursive: true }).catch(() => {});
  }
}

Deno.test("the command prints its table and writes both reports", () =>
  inFolder(async (out) => {
    const { code, stdout, stderr } = await run("--out", out);
    assertEquals([code, stderr.split("\n").at(-1)], [0, "descent: done loss 0.00"]);
    for (const row of ["truth", "ours", "tfjs, float32", "PyTorch 2"]) {
      assertMatch(stdout, new RegExp(`^${row}.* 2.000000000 +-1.000000000|^${row}.* 1.99999`, "m"));
    }
    const report = JSON.parse(await Deno.readTextFile(`${out}/report.json`));
    assert(report.passed);
    assertStringIncludes(await Deno.readTextFile(`${out}/report.html`), "<figcaption>");
    assertEquals(Array.from(Deno.readDirSync(out), ({ name }) => name).sort(), [
      "report.html",
      "report.json",
    ]);
  }));

Deno.test("--json prints the report and nothing else", () =>
  inFolder(async (out) => {
    const { code, stdout } = await run("--json", "--out", out, "--a", "-0.5", "--seed", "3");
    const report = JSON.parse(stdout);
    assertEquals(report, JSON.parse(await Deno.readTextFile(`${out}/report.json`)));
    assertEquals([code, report.settings.a, report.settings.seed], [0, -0.5, 3]);
  }));

Deno.test("--help names every flag", async () => {
  const { code, stdout } = await run("--help");
  assertEquals(code, 0);
  for (const flag of ["steps", "learning-rate", "points", "a", "b", "seed", "out", "json"]) {
    assertStringIncludes(stdout, `--${flag}`);
  }
});

const refused: Record<string, [flags: string[], line: RegExp]> = {
  "an unknown flag": [["--stepz", "3"], /unknown option '--stepz'/],
  "steps that are no number": [["--steps", "many"], /Expected a whole number of at least 1/],
  "a learning rate of 0": [["--learning-rate", "0"], /Expected a number above 0/],
  "one point": [["--points", "1"], /Expected a whole number of at least 2/],
  "a slope that is no number": [["--a", "steep"], /Expected a finite number/],
  "a learning rate that diverges": [["--learning-rate", "2"], /at step \d+ .* 2 is too high/],
  "too few steps": [["--steps", "2"], /Expected a and b within .* after 2 steps/],
  "a folder it may not write": [
    ["--out", "lib/forbidden"],
    /Expected a folder inside the project/,
  ],
};
for (const [what, [flags, line]] of Object.entries(refused)) {
  Deno.test(`${what} ends with one clear line and code 1`, () =>
    inFolder(async (out) => {
      const { code, stderr } = await run("--out", out, ...flags); // the last --out counts
      assertEquals(code, 1);
      const lines = stderr.split("\n").filter((text) => !text.startsWith("descent:"));
      assertEquals(lines.length, 1, stderr);
      assertMatch(lines[0]!, line);
    }));
}
