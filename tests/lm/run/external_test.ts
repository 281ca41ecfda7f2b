import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { runMilestone } from "../../../lib/lm/mod.ts";
import { buildPage } from "../../../lib/lm/page/mod.ts";
import type { ExternalSource } from "../../../lib/lm/run/external.ts";
import { completion, withServer } from "../../chat/server.ts";

const hostile = "<i>x</i>";
const small = { train: 60, valid: 20, generate: 6, models: ["random"] };

function chat(url: string, model: string): ExternalSource {
  return { kind: "chat", endpoint: { url, model, attempts: 2, firstDelay: 1, timeout: 2000 } };
}

Deno.test("runMilestone() judges what large language models and files say like any model", async () => {
  const answer = `\`\`\`\naaBB\naB\n11zz\n${hostile}\naaBB\n77QQ\nXXyy\n00aa\n\`\`\``;
  await withServer(() => completion(answer), async (url) => {
    const sources: ExternalSource[] = [
      chat(url, "teacher"),
      { kind: "text", name: hostile, text: `"aabb"\n"c1"\n"${hostile}"` },
    ];
    const milestone = await runMilestone({ ...small, sources });
    const [, asked, pasted] = milestone.report.models;
    assertEquals(asked!.name, "teacher");
    const { generated, failures, problem } = asked!;
    assertEquals([generated.total, generated.unique, generated.new, generated.valid], [8, 7, 7, 5]);
    assertEquals(failures.map(({ text }) => text), ["aB", hostile]);
    assertEquals(problem, undefined);
    assertEquals(pasted!.generated.valid, 1);
    const html = await buildPage(milestone);
    assert(!html.includes(hostile), "text from outside must be escaped");
    assertStringIncludes(html, "&lt;i&gt;x&lt;/i&gt;");
    milestone.dispose();
  });
});

Deno.test("runMilestone() goes on when a large language model does not answer", async () => {
  await withServer(() => new Response("", { status: 503 }), async (url) => {
    const milestone = await runMilestone({ ...small, sources: [chat(url, "silent")] });
    const [random, silent] = milestone.report.models;
    assertEquals(random!.generated.total, 6);
    assertEquals([silent!.generated.total, silent!.generated.accuracy], [0, null]);
    assertStringIncludes(silent!.problem!, "503");
    milestone.dispose();
  });
});

/** Runs the milestone's command with these arguments. */
async function command(args: string[], env: Record<string, string> = {}) {
  const out = `tests/.tmp/asked-${crypto.randomUUID()}`;
  const { code, stdout, stderr } = await new Deno.Command("deno", {
    args: [
      ...["run", "--no-prompt", "--allow-read", "--allow-env", "--allow-write=tests/.tmp"],
      ...["--allow-net=127.0.0.1", "lib/lm/command/milestone.ts", "--out", out, ...args],
    ],
    env: { NO_COLOR: "1", ...env },
  }).output();
  const files = code === 0
    ? (await Promise.all(
      ["report.json", "report.html"].map((name) => Deno.readTextFile(`${out}/${name}`)),
    )).join("\n")
    : "";
  await Deno.remove(out, { recursive: true }).catch(() => {});
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: decode(stdout), stderr: decode(stderr), files };
}

Deno.test("the command asks with the key of the environment, and shows it nowhere", async () => {
  const key = "sk-very-secret";
  const answer = (number: number) => completion(`one${number}\ntwo${number}\nAA${number}`);
  await withServer((_, number) => answer(number), async (url, seen) => {
    const args = ["--models", "random", "--train", "50", "--valid", "10", "--generate", "4"];
    const run = await command([...args, "--llm-model", "small"], {
      OPENAI_API_KEY: key,
      OPENAI_BASE_URL: url,
    });
    assertEquals(run.code, 0, run.stderr);
    assertEquals(seen.map(({ authorization }) => authorization), [
      `Bearer ${key}`,
      `Bearer ${key}`,
    ]);
    assertStringIncludes(run.stdout, "small");
    for (const shown of [run.stdout, run.stderr, run.files]) assert(!shown.includes(key));
  });
});

Deno.test("the command says in one line what is missing", async () => {
  const wrong: [string[], string][] = [
    [["--llm-model", "x"], "Expected --llm URL or OPENAI_BASE_URL"],
    [["--llm", "nowhere", "--llm-model", "x"], "Expected an http or https address"],
    [["--llm", "http://127.0.0.1:1/v1"], "Expected --llm-model NAME"],
    [["--llm-samples", "tests/nothing.txt"], "Expected a file with samples, got tests/nothing.txt"],
  ];
  for (const [args, message] of wrong) {
    const { code, stdout, stderr } = await command(args, { OPENAI_BASE_URL: "" });
    assertEquals([code, stdout, stderr.trimEnd().split("\n").length], [1, "", 1], stderr);
    assertStringIncludes(stderr, message);
  }
});
