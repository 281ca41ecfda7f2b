import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { runTask } from "./run_task.ts";

const folder = `tests/.tmp/text-command-${crypto.randomUUID()}`;
const text = `${folder}/text.txt`;
await Deno.mkdir(folder, { recursive: true });
await Deno.writeTextFile(text, "the cat sat\nthe dog ran\na cat ran\n".repeat(40));

const task = (name: string, flags: string) => runTask(name, flags.split(" "));

async function entries(path: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(path))).map(({ name }) => name).sort();
}

const small = "--steps 20 --batch 4 --generate 2 --scale 1 --heads 2 --layers 1";

Deno.test("milestone:lm --text learns, writes the report and a GPT-2 folder, and sample takes it", async () => {
  const out = `${folder}/out`;
  const { code, stdout, stderr } = await task(
    "milestone:lm",
    `--text ${text} --context 16 --models count-2,transformer ${small} --out ${out}`,
  );
  assertEquals(code, 0, stderr);
  assertMatch(stderr, /^transformer: 50 % loss \d\.\d+ “.*”$/m);
  assertMatch(stdout, /^text\.txt: 1,360 characters, 1,088 tokens to learn, 136 to choose/m);
  const report = JSON.parse(await Deno.readTextFile(`${out}/report.json`));
  assertEquals([report.grammar, report.models.length], [null, 2]);
  assertEquals(await entries(`${out}/models/transformer`), [
    ...["config.json", "generation_config.json", "model.gguf", "model.safetensors"],
    ...["tokenizer.json", "tokenizer_config.json"],
  ]);
  assertEquals((await entries(out)).includes("tokens.bin"), false);
  const flags = "--prompt the --length 8 --seed 2";
  const [elsewhere, ours] = await Promise.all([
    task("sample", `--model ${out}/models/transformer ${flags}`),
    task("sample", `--model ${out}/models/transformer.safetensors ${flags}`),
  ]);
  assertEquals(elsewhere.code, 0);
  assertEquals(elsewhere.stdout, ours.stdout);
});

Deno.test("milestone:lm --text --resume goes on from what stands on disk, and shows what was written on the way", async () => {
  const out = `${folder}/resumed`;
  const flags = `--text ${text} --context 16 --models transformer ${small} --out ${out}`;
  await task("milestone:lm", flags);
  const page = await Deno.readTextFile(`${out}/report.html`);
  const written = (html: string) => /While learning.*?<\/table>/s.exec(html)?.[0];
  const { code, stderr } = await task("milestone:lm", `${flags} --resume`);
  assertEquals(code, 0, stderr);
  assertEquals(written(await Deno.readTextFile(`${out}/report.html`)), written(page));
  assertStringIncludes(written(page) ?? "", "<tr>");
});

for (
  const [flags, message] of [
    [`--text ${text} --grammar sticky`, "Expected --text or --grammar, got both"],
    [`--text ${text} --llm-samples x`, "Expected --text or --llm-samples, got both"],
    ["--context 8", "Expected --text FILE with --context, got none"],
    [`--text ${text} --steps 3`, "Expected --epochs without --context, got --steps"],
    [`--text ${text} --context 8 --train 9`, "Expected --steps with --context, got --train"],
    [`--text ${text} --context 8 --epochs 9`, "Expected --steps with --context, got --epochs"],
    [`--text ${folder}/none.txt`, "none.txt, which does not exist"],
    ["--text /dev/zero", "/dev/zero, which is a device or a pipe"],
    [`--text ${text} --vocab 300`, "Expected --vocab with --tokenizer bpe, got it without"],
    [`--text ${text} --tokenizer words`, "Allowed choices are characters, bpe"],
    [`--text ${text} --context 300`, "for a context of 300, got 1360"],
  ] as const
) {
  Deno.test(`milestone:lm ${flags.replaceAll(folder, "")} fails with one line`, async () => {
    const { code, stdout, stderr } = await task("milestone:lm", `${flags} --out ${folder}/bad`);
    assertEquals([code, stdout], [1, ""]);
    assertStringIncludes(stderr, message);
    assertEquals(stderr.trimEnd().split("\n").length, 1, stderr);
  });
}

/** Makes a named pipe, which Deno itself cannot: a Deno that may run programs asks the system's. */
async function makePipe(path: string): Promise<void> {
  const { success } = await new Deno.Command("deno", {
    args: ["eval", "await new Deno.Command('mkfifo', { args: Deno.args }).output()", path],
  }).output();
  assertEquals([success, (await Deno.stat(path)).isFifo], [true, true]);
}

Deno.test("a pipe as text, as samples or as weights is refused before anybody waits for its writer", async () => {
  const pipe = `${folder}/pipe.safetensors`;
  await makePipe(pipe);
  await Deno.copyFile("tests/lm/gpt2/published/config.json", `${folder}/pipe.json`);
  const refused = "which is a device or a pipe";
  for (
    const [name, flags, message] of [
      ["milestone:lm", `--text ${pipe} --out ${folder}/piped`, refused],
      ["milestone:lm", `--text ${pipe} --context 8 --out ${folder}/piped`, refused],
      ["milestone:lm", `--llm-samples ${pipe} --out ${folder}/piped`, refused],
      ["sample", `--model ${folder}/pipe`, "pipe"],
    ] as const
  ) {
    const { code, stdout, stderr } = await task(name, flags);
    assertEquals([code, stdout, stderr.trimEnd().split("\n").length], [1, "", 1], stderr);
    assertStringIncludes(stderr, message);
  }
});

Deno.test("what no task may read is refused without advice to allow everything", async () => {
  const { code, stderr } = await task("milestone:lm", `--text /dev/stdin --out ${folder}/stdin`);
  assertEquals([code, stderr], [
    1,
    "Expected a text file, got /dev/stdin, which may not be read\n",
  ]);
});

Deno.test("milestone:lm --text leaves no token file behind when it fails", async () => {
  const out = `${folder}/failed`;
  await task("milestone:lm", `--text ${text} --context 300 --out ${out}`);
  assertEquals(await entries(out), []);
});
