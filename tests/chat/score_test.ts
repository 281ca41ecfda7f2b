import { assertAlmostEquals, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ChatError, createScorer } from "../../lib/chat/mod.ts";
import { type Behaviour, withServer } from "./server.ts";

const alphabet = ["a", "b", "1"];
const probabilities = { a: 0.5, b: 0.125, "1": 0.125, ",": 0.0625, "\n": 0.125, "/": 0.03125 };

/** A server of a model that predicts the same everywhere, and cuts text into these tokens. */
function server(
  { cut = /[^]/g, form = "content", most = Infinity, extra = 0 }: {
    cut?: RegExp;
    form?: "content" | "table";
    most?: number;
    extra?: number;
  } = {},
): Behaviour {
  return ({ body }) => {
    if (Number(body.logprobs) > most) {
      return Response.json({ error: { message: `logprobs above ${most}` } }, { status: 400 });
    }
    const likeliest = Object.entries(probabilities)
      .map(([token, p]) => ({ token, logprob: Math.log(p) }))
      .sort((a, b) => b.logprob - a.logprob).slice(0, Number(body.logprobs));
    const logprobs = form === "content" ? { content: [{ top_logprobs: likeliest }] } : {
      top_logprobs: [Object.fromEntries(likeliest.map(({ token, logprob }) => [token, logprob]))],
    };
    return Response.json({
      model: "constant",
      choices: [{ text: "a", logprobs, finish_reason: "length" }],
      usage: { prompt_tokens: (body.prompt!.match(cut) ?? []).length + extra },
    });
  };
}

const endpoint = (url: string) => ({ url, model: "m", attempts: 2, firstDelay: 1, timeout: 5000 });

for (const form of ["content", "table"] as const) {
  Deno.test(`createScorer() gives the alphabet and the end what the ${form} of an answer gives them`, async () => {
    await withServer(server({ form }), async (url, seen) => {
      const scorer = await createScorer(endpoint(url), { alphabet });
      assertEquals([scorer.spelling.name, scorer.served], ["abc", "constant"]);
      const { logProbabilities, stray } = await scorer.next(["ab", "1"], "b");
      assertEquals(seen.at(-1)!.body.prompt, "\nab\n1\nb");
      [0.5, 0.125, 0.125, 0.125].forEach((p, i) =>
        assertAlmostEquals(Math.exp(logProbabilities[i]!), p / 0.875, 1e-12)
      );
      assertAlmostEquals(stray, 1 - 0.875, 1e-12);
      const asked = seen.length;
      await scorer.next(["ab", "1"], "b");
      assertEquals(seen.length, asked, "the same place is not asked for again");
    });
  });
}

Deno.test("createScorer() spells with commas where characters would share a token", async () => {
  const pairs = /[ab1]{2}|[^]/g; // two neighbours are one token
  await withServer(server({ cut: pairs, extra: 1 }), async (url, seen) => {
    const scorer = await createScorer(endpoint(url), { alphabet });
    assertEquals(scorer.spelling.name, "a,b,c,");
    await scorer.next(["ab"], "1");
    assertEquals(seen.at(-1)!.body.prompt, "\na,b,\n1,");
  });
});

const refusals: [string, Behaviour, string][] = [
  ["tokens of several characters however it spells", server({ cut: /[^]{1,3}/g }), "too few"],
  [
    "a server without log-probabilities",
    () => Response.json({ choices: [{ text: "a", logprobs: null }], usage: { prompt_tokens: 1 } }),
    "lists no log-probabilities",
  ],
  ["a server that lists too few", server({ most: 2 }), "logprobs above 2"],
  [
    "a server that does not count its tokens",
    () => Response.json({ choices: [{ text: "a" }] }),
    "how many tokens",
  ],
  ["a server that only chats", () => new Response("", { status: 404 }), "answered 404"],
];
for (const [what, behaviour, reason] of refusals) {
  Deno.test(`createScorer() refuses ${what}, with the reason`, async () => {
    await withServer(behaviour, async (url) => {
      const error = await assertRejects(() => createScorer(endpoint(url), { alphabet }), ChatError);
      assertStringIncludes(error.message, reason);
    });
  });
}

Deno.test("createScorer() finds a model of single strings, even where a context is short", async () => {
  const own: Behaviour = ({ body }) => {
    const tokens = body.prompt!.match(/[ab1]/g) ?? []; // it has no others, and drops them
    if (tokens.length > 8) return Response.json({ error: "too long" }, { status: 400 });
    const top_logprobs = ["a", "b", "1", ""].map((token) => ({ token, logprob: Math.log(1 / 4) }));
    return Response.json({
      choices: [{ text: "a", logprobs: { content: [{ top_logprobs }] } }],
      usage: { prompt_tokens: tokens.length + 1 },
    });
  };
  await withServer(own, async (url) => {
    const scorer = await createScorer(endpoint(url), { alphabet });
    assertEquals([scorer.spelling.name, scorer.showsExamples], ["alone", false]);
    assertEquals(
      (await scorer.next([], "ab")).logProbabilities.map(Math.exp),
      Float64Array.of(1 / 4, 1 / 4, 1 / 4, 1 / 4),
    );
  });
});

Deno.test("createScorer() takes as much as a server lists where it lists at most twenty", async () => {
  await withServer(server({ most: 20 }), async (url) => {
    const scorer = await createScorer(endpoint(url), { alphabet });
    assertEquals(scorer.spelling.name, "abc");
  });
});

Deno.test("createScorer() finds in its cache what it has saved", async () => {
  const cache = `tests/.tmp/scores-${crypto.randomUUID()}`;
  await withServer(server(), async (url, seen) => {
    const first = await createScorer(endpoint(url), { alphabet, cache });
    const value = await first.next(["ab"], "a");
    await first.save();
    const asked = seen.length;
    const second = await createScorer(endpoint(url), { alphabet, cache });
    assertEquals(await second.next(["ab"], "a"), value);
    assertEquals(seen.length - asked, 2, "only the spelling is tried again");
  });
  await Deno.remove(cache, { recursive: true });
});

Deno.test("createScorer() takes what it has saved of one spelling for no other", async () => {
  const cache = `tests/.tmp/scores-${crypto.randomUUID()}`;
  let merges = false; // whether neighbours share a token
  const spelled = (logprob: number, cut: RegExp): Behaviour => ({ body }) => {
    const top_logprobs = [..."ab1\n/", " a", " b", " 1"]
      .map((token) => ({ token, logprob: token === "a" || token === " b" ? logprob : -3 }));
    return Response.json({
      model: "one",
      choices: [{ text: "a", logprobs: { content: [{ top_logprobs }] } }],
      usage: { prompt_tokens: body.prompt!.match(cut)!.length },
    });
  };
  const behaviour: Behaviour = (request, number) =>
    spelled(-1, merges ? / [ab1]|[ab1,]+|[^]/g : /[^]/g)(request, number);
  await withServer(behaviour, async (url) => {
    const likeliest: (string | undefined)[] = [];
    for (merges of [false, true]) {
      const scorer = await createScorer(endpoint(url), { alphabet, cache });
      const { logProbabilities } = await scorer.next([], "");
      likeliest.push(
        scorer.spelling.name,
        alphabet[logProbabilities.indexOf(Math.max(...logProbabilities))],
      );
      await scorer.save();
    }
    assertEquals(likeliest, ["abc", "a", " a b c", "b"]);
  });
  await Deno.remove(cache, { recursive: true });
});

Deno.test("next() refuses a place of which the server has read fewer or more tokens than were sent", async () => {
  for (const [cut, reads] of [[/ab|[^]/g, 4], [/[^]/g, 6]] as const) {
    let shift = false;
    const behaviour: Behaviour = (request, number) => {
      const text = request.body.prompt!;
      const prompt = shift && cut.source === "[^]" ? `${text}+` : text;
      const body = { ...request.body, prompt };
      return server(shift ? { cut } : {})({ ...request, body }, number);
    };
    await withServer(behaviour, async (url) => {
      const scorer = await createScorer(endpoint(url), { alphabet });
      shift = true;
      await assertRejects(
        () => scorer.next(["1"], "ab"),
        ChatError,
        `it read ${reads} tokens of 5 expected`,
      );
    });
  }
});

Deno.test("of a text that a server lists twice the likelier counts", async () => {
  const behaviour: Behaviour = async (request, number) => {
    const answer = await (await server()(request, number)).json();
    answer.choices[0].logprobs.content[0].top_logprobs.push({ token: "a", logprob: -20 });
    return Response.json(answer);
  };
  await withServer(behaviour, async (url) => {
    const scorer = await createScorer(endpoint(url), { alphabet });
    const { logProbabilities } = await scorer.next([], "");
    assertAlmostEquals(Math.exp(logProbabilities[0]!), 0.5 / 0.875, 1e-12);
  });
});
