import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type ModelReport, runMilestone } from "../../../lib/lm/mod.ts";
import { buildPage } from "../../../lib/lm/page/mod.ts";
import type { ExternalSource } from "../../../lib/lm/run/external.ts";
import { createGrammar } from "../../../lib/grammar/mod.ts";
import { createRandom } from "../../../lib/random.ts";
import { type Behaviour, completion, streamed, withServer } from "../../chat/server.ts";

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

const grammar = createGrammar("sticky", 3);

/** A server whose model is the grammar itself: it continues the last line of a prompt. */
const perfect: Behaviour = ({ body }, number) => {
  if (body.logprobs === undefined) {
    const rng = createRandom(number);
    const list = Array.from({ length: 40 }, () => `${grammar.sample(rng)}\n`);
    return streamed(["import os;\n", `${hostile}\n`, ...list]);
  }
  let state: number | undefined = grammar.start;
  for (const character of body.prompt!.split("\n").at(-1)!) {
    state = state === undefined ? undefined : grammar.next(state, character);
  }
  const tokens = [...grammar.alphabet, "\n"];
  const truth = state === undefined ? tokens.map(() => 1 / 63) : grammar.probabilities(state);
  const top_logprobs = tokens.map((token, i) => ({ token, logprob: Math.log(truth[i] || 1e-30) }));
  return Response.json({
    model: "the-grammar",
    choices: [{ text: "a", logprobs: { content: [{ top_logprobs }] }, finish_reason: "length" }],
    usage: { prompt_tokens: body.prompt!.length },
  });
};

Deno.test("runMilestone() scores a large language model as it scores every other", async () => {
  await withServer(perfect, async (url) => {
    const told: [number, boolean][] = [];
    const milestone = await runMilestone(
      { ...small, generate: 30, llmScore: 6, sources: [chat(url, "teacher")] },
      {
        onExternal: ({ report }, { done }) =>
          Promise.resolve(void told.push([report.models[1]?.asked?.curve.length ?? -1, done])),
      },
    );
    const [, { excessLoss, measuredOrder, generated, asked }] = milestone.report.models as [
      ModelReport,
      Required<ModelReport>,
    ];
    assertEquals(excessLoss!.toFixed(5).replace("-", ""), "0.00000");
    assertEquals([measuredOrder, generated.valid], [3, generated.new - 1]);
    assertEquals([asked.mode, asked.served, asked.examples], ["completion", "the-grammar", 60]);
    assertEquals(asked.curve.map(({ examples }) => examples), [0, 1, 3, 10, 30]);
    assertEquals(asked.scoring, { spelling: "abc", problem: null });
    assertEquals(asked.rejected, { code: 1 });
    assertEquals(told, [[-1, true], [0, false], [1, false], [2, false], [3, false], [4, false], [
      5,
      false,
    ], [5, true]]);
    assertEquals(milestone.report.inContext!.at(-1)!.name, "ideal learner");
    const html = await buildPage(milestone);
    assert(!html.includes(hostile), "text from outside must be escaped");
    assertStringIncludes(html, "import os;");
    assertStringIncludes(html, "What examples teach");
    milestone.dispose();
  });
});

Deno.test("a stop while asking loses nothing: the report is there, and what was answered is not asked again", async () => {
  const out = `tests/.tmp/asked-${crypto.randomUUID()}`;
  const args = [
    ...["run", "--no-prompt", "--allow-read", "--allow-env", "--allow-write=tests/.tmp"],
    ...["--allow-net=127.0.0.1", "lib/lm/command/milestone.ts", "--out", out, "--resume"],
    ...["--models", "random", "--train", "50", "--valid", "10", "--generate", "30"],
    ...["--llm-model", "teacher"],
  ];
  let hangs = true;
  const stuck = Promise.withResolvers<void>();
  const behaviour: Behaviour = (request, number) => {
    const { logprobs, prompt } = request.body;
    if (!hangs || logprobs === undefined || prompt!.split("\n").length < 8) {
      return perfect(request, number);
    }
    stuck.resolve(); // in the midst of scoring
    return new Promise<Response>((resolve) => setTimeout(() => resolve(new Response("")), 3000));
  };
  const asks = ({ body }: { body: Record<string, unknown> }) => body.logprobs === undefined;
  await withServer(behaviour, async (url, seen) => {
    const run = { args: [...args, "--llm", url], env: { NO_COLOR: "1" } };
    const child = new Deno.Command("deno", { ...run, stdout: "null", stderr: "null" }).spawn();
    await stuck.promise;
    child.kill("SIGKILL");
    await child.status;
    const stopped = JSON.parse(await Deno.readTextFile(`${out}/report.json`));
    assertEquals(stopped.models.length, 2);
    assert(stopped.models[1].generated.valid >= 30);
    const asked = seen.filter(asks).length;
    hangs = false;
    const { code } = await new Deno.Command("deno", run).output();
    assertEquals([code, seen.filter(asks).length], [0, asked]);
    const whole = JSON.parse(await Deno.readTextFile(`${out}/report.json`));
    assertEquals(whole.models[1].generated, stopped.models[1].generated);
    assertEquals(whole.models[1].asked.curve.length, 5);
  });
  await Deno.remove(out, { recursive: true });
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
    assertEquals(
      new Set(seen.map(({ authorization }) => authorization)),
      new Set([`Bearer ${key}`]),
    );
    assertStringIncludes(run.stdout, "small");
    for (const shown of [run.stdout, run.stderr, run.files]) assert(!shown.includes(key));
  });
});

Deno.test("the command says in one line what is missing", async () => {
  const wrong: [string[], string][] = [
    [["--llm-model", "x"], "Expected --llm URL or OPENAI_BASE_URL"],
    [["--llm", "nowhere", "--llm-model", "x"], "Expected an http or https address"],
    [["--llm", "http://127.0.0.1:1/v1"], "Expected --llm-model NAME"],
    [
      ["--llm", "http://example.com", "--llm-model", "x"],
      "reach example.com, got none: deno task milestone:llm",
    ],
    [["--llm", "http://[::1]:8080/v1"], "reach [::1]:8080, got none: deno task milestone:llm"],
    [["--llm-samples", "tests/nothing.txt"], "Expected a file with samples, got tests/nothing.txt"],
  ];
  for (const [args, message] of wrong) {
    const { code, stdout, stderr } = await command(args, { OPENAI_BASE_URL: "" });
    assertEquals([code, stdout, stderr.trimEnd().split("\n").length], [1, "", 1], stderr);
    assertStringIncludes(stderr, message);
  }
});
