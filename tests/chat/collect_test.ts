import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import {
  chatAddress,
  type ChatEndpoint,
  ChatError,
  type CollectOptions,
  collectSamples,
  retryAfter,
} from "../../lib/chat/mod.ts";
import { type Behaviour, completion, streamed, withRawServer, withServer } from "./server.ts";

const training = ["ab12", "cd34", "EF", "new", "old0567", "ltw"];
const options: CollectOptions = { training, wanted: 4, seed: 1, perRound: 3 };
const quick = { timeout: 1000, attempts: 3, firstDelay: 1 };

function endpoint(url: string, more: Partial<ChatEndpoint> = {}): ChatEndpoint {
  return { url, model: "small-model", ...quick, ...more };
}

/** Fails the first `times` requests as told, then writes two new strings a request. */
function failingFirst(times: number, failure: () => Response | Promise<Response>): Behaviour {
  return (_, number) =>
    number < times ? failure() : completion(`\`\`\`\nnew${number}\nold${number}\n\`\`\``);
}

Deno.test("collectSamples() asks in rounds until there are enough unique new strings", async () => {
  const rounds = ["aa\nbb\nab12", "bb\naa\ncc", "dd\nee\n2F"];
  await withServer((_, number) => completion(rounds[number]!), async (url, seen) => {
    const progress: number[] = [];
    const result = await collectSamples(endpoint(url), {
      ...options,
      onRound: (found) => progress.push(found),
    });
    assertEquals(progress, [2, 3, 6]);
    assertEquals(result, {
      samples: rounds.flatMap((round) => round.split("\n")),
      copied: 1,
      rejected: {},
      excerpts: rounds,
      mode: "completion",
      examples: 6,
      served: null,
      untruncated: true,
      rounds: 3,
      cached: 0,
      problem: null,
    });
    assertEquals(seen.map(({ body }) => [body.model, body.seed]), [
      ["small-model", 1],
      ["small-model", 2],
      ["small-model", 3],
    ]);
    assertEquals(seen[0]!.body.prompt!.split("\n").sort(), ["", ...training].sort());
    const { model: _, seed: __, prompt: ___, max_tokens: ____, ...asked } = seen[0]!.body;
    assertEquals(asked, {
      ...{ temperature: 1, top_p: 1, top_k: 0, min_p: 0, typical_p: 1, repeat_penalty: 1 },
      stream: true,
    });
  });
});

const mendable: Record<string, () => Response | Promise<Response>> = {
  "429 with Retry-After": () => new Response("", { status: 429, headers: { "retry-after": "0" } }),
  "408": () => new Response("", { status: 408 }),
  "500": () => new Response("oops", { status: 500 }),
  "503 with a page of HTML": () => new Response("<html>busy</html>", { status: 503 }),
  "an answer that is not JSON": () => new Response("<!doctype html>"),
  "JSON that is no completion": () => Response.json({ hello: "world" }),
  "a null message": () => completion(null),
  "an answer that comes too late": () =>
    new Promise<Response>((resolve) => setTimeout(() => resolve(completion("late")), 1500)),
};

for (const [fault, failure] of Object.entries(mendable)) {
  Deno.test(`collectSamples() gets over ${fault}`, async () => {
    await withServer(failingFirst(2, failure), async (url, seen) => {
      const result = await collectSamples(endpoint(url), options);
      assertEquals(result.problem, null);
      assertEquals(result.samples, ["new2", "old2", "new3", "old3"]);
      assertEquals(seen.length, 4);
    });
  });
}

const final: [string, () => Response, string, number][] = [
  [
    "401",
    () => Response.json({ error: { message: "bad key sk-secret" } }, { status: 401 }),
    "401: bad key …",
    1,
  ],
  [
    "404",
    () => Response.json({ error: "no such model" }, { status: 404 }),
    "404: no such model",
    2, // the other address may have it
  ],
  ["a redirect", () => Response.redirect("http://127.0.0.1:1/elsewhere"), "answered 302", 1],
  [
    "429 that asks for an hour",
    () => new Response("", { status: 429, headers: { "retry-after": "3600" } }),
    "wait 3600 s",
    1,
  ],
  ["501, which only a chat may answer", () => new Response("", { status: 501 }), "answered 501", 2],
  [
    "a message with marks for a terminal",
    () => Response.json({ error: "no\u001b[31m\u0007\n such\u009b model" }, { status: 403 }),
    "answered 403: no [31m such model",
    1,
  ],
  ["500 for ever", () => new Response("", { status: 500 }), "answered 500 (3 attempts)", 3],
  ["a refusal", () => completion(null, { refusal: "I must not" }), "refused: I must not", 1],
  ["an answer without end", () => new Response("x".repeat(5 << 20)), "larger than 4 MiB", 1],
];

for (const [fault, failure, message, requests] of final) {
  Deno.test(`collectSamples() reports ${fault} and no secret`, async () => {
    await withServer(failure, async (url, seen) => {
      const result = await collectSamples(endpoint(url, { key: "sk-secret" }), options);
      assertStringIncludes(result.problem ?? "", message);
      assert(!JSON.stringify(result).includes("sk-secret"));
      assertEquals(seen.length, requests);
      assertEquals(seen[0]!.authorization, "Bearer sk-secret");
    });
  });
}

Deno.test("collectSamples() shows other examples in each round, and counts as copied what its round showed", async () => {
  await withServer(() => completion(training.join("\n")), async (url, seen) => {
    const result = await collectSamples(endpoint(url), { ...options, examples: 2 });
    assertEquals([result.samples.length, result.copied], [3 * training.length, 3 * 2]);
    assertEquals(new Set(seen.map(({ body }) => body.prompt)).size, 3);
  });
});

Deno.test("collectSamples() does not believe that the context is too small once it was not", async () => {
  const behaviour: Behaviour = (_, number) =>
    number === 0 ? completion("old\nwed") : Response.json({ error: "no credit" }, { status: 400 });
  await withServer(behaviour, async (url) => {
    const result = await collectSamples(endpoint(url), { ...options, mode: "completion" });
    assertEquals([result.samples, result.examples], [["old", "wed"], training.length]);
    assertStringIncludes(result.problem ?? "", "400: no credit");
  });
});

Deno.test("collectSamples() names no query of an address, which may be a key", async () => {
  const echo: Behaviour = () => Response.json({ error: "no ?code=abc-987 here" }, { status: 403 });
  await withServer(echo, async (url) => {
    const result = await collectSamples(endpoint(`${url}?code=abc-987`), options);
    assertStringIncludes(result.problem ?? "", "answered 403: no ?… here");
  });
});

Deno.test("collectSamples() keeps what came before a failure", async () => {
  const behaviour: Behaviour = (_, number) =>
    number === 0 ? completion("old\nwed") : new Response("", { status: 403 });
  await withServer(behaviour, async (url) => {
    const result = await collectSamples(endpoint(url), options);
    assertEquals(result.samples, ["old", "wed"]);
    assertStringIncludes(result.problem ?? "", "403");
  });
});

Deno.test("collectSamples() gives up after answers that hold nothing new", async () => {
  await withServer(() => completion("I am sorry, I cannot do that."), async (url, seen) => {
    const result = await collectSamples(endpoint(url), options);
    assertEquals(result.samples, []);
    assertStringIncludes(result.problem ?? "", "I am sorry");
    assertEquals(seen.length, 3);
  });
});

Deno.test("collectSamples() stops at its limit of requests", async () => {
  await withServer((_, number) => completion(`new${number}`), async (url) => {
    const result = await collectSamples(endpoint(url), { ...options, wanted: 9, rounds: 5 });
    assertEquals([result.rounds, result.samples.length], [5, 5]);
    assertStringIncludes(result.problem ?? "", "5 new strings after 5 requests, wanted 9");
  });
});

Deno.test("collectSamples() reports a server that is not there one that talks nonsense and a cut answer", async () => {
  let closed = "";
  await withServer(() => completion(""), (url) => Promise.resolve(void (closed = url)));
  const nobody = await collectSamples(endpoint(closed), options);
  assertStringIncludes(nobody.problem ?? "", "connection failed");
  assertMatch(nobody.problem!, /refused/i, "fetch alone does not say why");
  for (const bytes of ["nonsense\r\n\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{"]) {
    await withRawServer(bytes, async (url) => {
      const result = await collectSamples(endpoint(url), options);
      assertStringIncludes(result.problem ?? "", "connection failed");
      assertStringIncludes(result.problem ?? "", "(3 attempts)");
    });
  }
});

Deno.test("collectSamples() asks nothing again that the cache holds", async () => {
  const cache = `tests/.tmp/llm-${crypto.randomUUID()}`;
  try {
    let first = "";
    await withServer(failingFirst(0, () => completion("")), async (url, seen) => {
      const fresh = await collectSamples(endpoint(url), { ...options, cache });
      first = JSON.stringify(fresh.samples);
      assertEquals([fresh.cached, seen.length], [0, 2]);
      const again = await collectSamples(endpoint(url, { key: "sk-1" }), { ...options, cache });
      assertEquals([again.cached, seen.length], [2, 2]);
      assertEquals(JSON.stringify(again.samples), first);
      const other = await collectSamples(endpoint(url), { ...options, cache, seed: 5 });
      assertEquals([other.cached, seen.length], [0, 4]);
      const another = endpoint(url, { model: "other-model" });
      const asked = await collectSamples(another, { ...options, cache });
      assertEquals([asked.cached, seen.length], [0, 6]);
    });
    for await (const file of Deno.readDir(cache)) {
      await Deno.writeTextFile(`${cache}/${file.name}`, '{"content": "tru');
    }
    await withServer(failingFirst(0, () => completion("")), async (url, seen) => {
      await collectSamples(endpoint(url), { ...options, cache });
      assertEquals(seen.length, 2, "a damaged cache is asked anew");
    });
  } finally {
    await Deno.remove(cache, { recursive: true });
  }
});

Deno.test("collectSamples() continues a list, and asks in a chat where there is nothing else", async () => {
  const chatOnly: Behaviour = ({ path }, number) =>
    path === "completions"
      ? Response.json({ error: { message: "This is a chat model" } }, { status: 404 })
      : completion(`\`\`\`\nnew${number}\nold${number}\n\`\`\``);
  await withServer(chatOnly, async (url, seen) => {
    const result = await collectSamples(endpoint(url), options);
    assertEquals([result.mode, result.samples.length], ["chat", 4]);
    assertEquals(seen.map(({ path }) => path).slice(0, 3), [
      "completions",
      "chat/completions",
      "chat/completions",
    ]);
    const only = await collectSamples(endpoint(url), { ...options, mode: "completion" });
    assertEquals([only.mode, only.samples], [null, []]);
    assertStringIncludes(only.problem ?? "", "404: This is a chat model");
  });
});

Deno.test("collectSamples() leaves out what a server does not know, and says so", async () => {
  const strict: Behaviour = ({ body }, number) =>
    "top_k" in body
      ? Response.json({ error: { message: "Unrecognized argument: top_k" } }, { status: 400 })
      : streamed([`new${number}\n`, `old${number}\n`]);
  await withServer(strict, async (url, seen) => {
    const result = await collectSamples(endpoint(url), options);
    assertEquals([result.samples.length, result.untruncated, result.problem], [4, false, null]);
    assertEquals(seen.at(-1)!.body.temperature, 1);
  });
});

Deno.test("collectSamples() speaks as strictly as a server wants", async () => {
  const reasoning: Behaviour = ({ path, body }, number) =>
    path === "completions"
      ? new Response("", { status: 404 })
      : "max_tokens" in body || "temperature" in body
      ? Response.json({ error: { message: "Unsupported parameter: max_tokens" } }, { status: 400 })
      : completion(`new${number}\nold${number}`);
  await withServer(reasoning, async (url, seen) => {
    const result = await collectSamples(endpoint(url), options);
    assertEquals([result.mode, result.samples.length, result.problem], ["chat", 4, null]);
    assertEquals(seen.at(-1)!.body.max_completion_tokens, 4096);
  });
});

Deno.test("collectSamples() shows fewer examples to a model whose context is small", async () => {
  const small: Behaviour = ({ body }, number) =>
    body.prompt === undefined || body.prompt.split("\n").length > 2 + 1
      ? Response.json({ error: { message: "exceeds the context" } }, { status: 400 })
      : streamed([`new${number}\n`, `old${number}\n`]);
  await withServer(small, async (url) => {
    const result = await collectSamples(endpoint(url), { ...options, examples: 6 });
    assertEquals([result.examples, result.samples.length, result.problem], [1, 4, null]);
  });
});

Deno.test("collectSamples() keeps the whole lines of an answer that broke off", async () => {
  const dying: Behaviour = (_, number) => streamed([`new${number}\nol`, `d${number}\nab`], "");
  const cache = `tests/.tmp/llm-${crypto.randomUUID()}`;
  await withServer(dying, async (url, seen) => {
    const result = await collectSamples(endpoint(url), { ...options, cache });
    assertEquals(result.samples, ["new0", "old0", "new1", "old1"]);
    const again = await collectSamples(endpoint(url), { ...options, cache });
    assertEquals([again.samples, seen.length], [result.samples, 2]);
  });
  await Deno.remove(cache, { recursive: true });
});

Deno.test("collectSamples() gives a stream the time of its tokens, and a silent one none", async () => {
  const slow = (pieces: readonly string[], pause: number) =>
    new Response(
      new ReadableStream<Uint8Array>({
        async start(controller) {
          for (const text of pieces) {
            const event = `data: ${JSON.stringify({ choices: [{ text }] })}\n\n`;
            controller.enqueue(new TextEncoder().encode(event));
            await new Promise((resolve) => setTimeout(resolve, pause));
          }
          try {
            controller.close();
          } catch { /* the client has left */ }
        },
      }),
      { headers: { "content-type": "text/event-stream" } },
    );
  const lines = Array.from({ length: 8 }, (_, i) => `new${i}\n`);
  await withServer(() => slow(lines, 100), async (url) => { // 0.8 s, above the 0.3 s for a first token
    const patient = endpoint(url, { timeout: 300, slowest: 2 });
    const result = await collectSamples(patient, { ...options, wanted: 7, rounds: 1 });
    assertEquals(result.samples.length, 8);
  });
  await withServer(() => slow(lines.slice(0, 2), 3000), async (url) => {
    const hasty = endpoint(url, { timeout: 300, slowest: 100 });
    const result = await collectSamples(hasty, { ...options, rounds: 1 });
    assertEquals(result.samples, ["new0"]);
  });
});

Deno.test("collectSamples() masks a key that the server echoes, in whatever it leaves", async () => {
  const key = "sk-5+/=";
  const forms = [key, encodeURIComponent(key), btoa(key)];
  const echo: Behaviour = (_, number) => streamed([`${forms.join("\n")}\nnew${number}\n`]);
  const cache = `tests/.tmp/llm-${crypto.randomUUID()}`;
  await withServer(echo, async (url) => {
    const result = await collectSamples(endpoint(url, { key }), { ...options, cache, rounds: 2 });
    let kept = JSON.stringify(result);
    for await (const { name } of Deno.readDir(cache)) {
      kept += await Deno.readTextFile(`${cache}/${name}`);
    }
    assertStringIncludes(kept, "new0");
    for (const form of forms) assert(!kept.includes(form), form);
  });
  await Deno.remove(cache, { recursive: true });
});

Deno.test("collectSamples() stops when told, and keeps what it has", async () => {
  const controller = new AbortController();
  await withServer(failingFirst(0, () => completion("")), async (url) => {
    const result = await collectSamples(endpoint(url), {
      ...{ ...options, wanted: 100, signal: controller.signal },
      onRound: (found) => found >= 6 && controller.abort(),
    });
    assertEquals([result.samples.length, result.problem], [6, "stopped"]);
  });
});

Deno.test("chatAddress() completes base URLs and refuses what is no address", () => {
  const whole = "http://localhost:11434/v1/chat/completions";
  assertEquals(chatAddress("http://localhost:11434/v1"), whole);
  assertEquals(chatAddress("http://localhost:11434/v1/"), whole);
  assertEquals(chatAddress(whole), whole);
  for (const url of ["localhost", "ftp://example.org", "http://me:pw@localhost/v1"]) {
    const error = assertThrows(() => chatAddress(url), ChatError, "Expected an");
    assert(!error.message.includes("pw"));
  }
});

Deno.test("retryAfter() reads seconds and dates", () => {
  const now = Date.parse("2026-01-01T00:00:00Z");
  assertEquals(retryAfter("7", now), 7000);
  assertEquals(retryAfter("Thu, 01 Jan 2026 00:00:30 GMT", now), 30_000);
  assertEquals(retryAfter("Wed, 31 Dec 2025 00:00:00 GMT", now), 0);
  assertEquals(retryAfter("soon", now), undefined);
  assertEquals(retryAfter(null, now), undefined);
});
