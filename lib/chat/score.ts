/**
 * What a large language model gives the next character, exactly: P(character | examples, prefix) over
 * an alphabet and the end of the string, from the log-probabilities that an endpoint lists.
 *
 * A large model reads tokens, and a token may be several characters: then the next character has no
 * single probability. So strings are spelled, with something between the characters that keeps each of
 * them a token of its own; and since only the server knows its tokens, every answer is held to the
 * number of tokens that the server says it has read. What is asked is what a decoder restricted to
 * this spelling would do: the listed probabilities of the alphabet and the end, made to sum to one.
 */
import { largestOf } from "../extremes.ts";
import { createRandom } from "../random.ts";
import { readJson } from "./answer.ts";
import { recallJson, rememberJson } from "./cache.ts";
import { type ChatEndpoint, persist, post } from "./endpoint.ts";
import { ChatError } from "./error.ts";

/** How strings are written so that each character is a token. */
export interface Spelling {
  /** What it is called in a report. */
  readonly name: string;
  /** What stands before the first string, and its tokens. */
  readonly start: readonly [text: string, tokens: number];
  /** What is glued before a character: part of its token. */
  readonly before: string;
  /** What follows each character: a token of its own, or nothing. */
  readonly after: string;
  /** The token that ends a string; "" for the model's own end of a text, after which nothing comes. */
  readonly end: string;
  /** What a string ends with, that token first, and its tokens. */
  readonly close: readonly [text: string, tokens: number];
}

/** Tried in this order; the first that keeps every character a token is used. */
const spellings: readonly Spelling[] = [
  // subtle: the list begins as if a string had just ended, for some servers predict nothing from ""
  { name: "abc", start: ["\n", 1], before: "", after: "", end: "\n", close: ["\n", 1] },
  { name: "a,b,c,", start: ["\n", 1], before: "", after: ",", end: "\n", close: ["\n", 1] },
  { name: " a b c", start: ["\n", 1], before: " ", after: "", end: "\n", close: ["\n", 1] },
  { name: "a⇥b⇥c⇥/⇥", start: ["/\t", 2], before: "", after: "\t", end: "/", close: ["/\t", 2] },
  { name: "alone", start: ["", 0], before: "", after: "", end: "", close: ["", 0] },
  { name: "alone", start: ["<|endoftext|>", 1], before: "", after: "", end: "", close: ["", 0] },
];

/** Whom to ask about which characters. */
export interface ScorerOptions {
  /** The characters, each one code point. */
  readonly alphabet: readonly string[];
  /** Folder of cached answers; nothing is cached without it. */
  readonly cache?: string | undefined;
  /** Stops the asking. */
  readonly signal?: AbortSignal | undefined;
}

/** What comes after a prefix. */
export interface Scored {
  /** ln P of each character of the alphabet and, last, of the end; they sum to one. */
  readonly logProbabilities: Float64Array;
  /** What the model would rather have written: the probability of everything else, removed. */
  readonly stray: number;
}

/** Gives the probabilities of the next character. */
export interface CharacterScorer {
  /** How strings are written. */
  readonly spelling: Spelling;
  /** Whether examples can be shown: not to a model whose texts are single strings. */
  readonly showsExamples: boolean;
  /** The model's name as the server gives it. */
  readonly served: string | null;
  /** Asks for what follows a prefix after these examples. */
  next(examples: readonly string[], prefix: string): Promise<Scored>;
  /** Writes what is not yet in the cache. */
  save(): Promise<void>;
}

/** Listed tokens that are asked for at first, and where some of the alphabet are not among them. */
const LISTED = [1000, 10_000, 300_000];

/** Characters that fit into any context. */
const SHORT = 8;

/** Bytes of an answer that lists a whole vocabulary. */
const LARGEST_LIST = 128 << 20;

/** Places that a sudden end may lose at most. */
const UNSAVED = 50;

/** What the server said of one place. */
interface Listing {
  /** ln P of listed tokens, the likeliest first. */
  readonly tokens: readonly (readonly [string, number])[];
  /** Tokens of the prompt. */
  readonly read: number;
  readonly model: string | null;
}

/**
 * Finds the spelling that keeps each character a token of this model.
 *
 * @throws ChatError when the endpoint lists no log-probabilities, too few of them, or when no spelling
 * does: the message is the reason
 */
export async function createScorer(
  endpoint: ChatEndpoint,
  { alphabet, cache, signal }: ScorerOptions,
): Promise<CharacterScorer> {
  const rng = createRandom(0, "score", endpoint.model);
  const list = (prompt: string, count: number) =>
    persist(endpoint, {
      once: () => listTokens(endpoint, { prompt, count, signal }),
      ...{ rng, signal },
    });
  const probe = [rng.shuffle([...alphabet]), rng.shuffle([...alphabet, ...alphabet])]
    .map((characters) => characters.join(""));
  const failures: string[] = [];
  for (const spelling of spellings) {
    const found = await tryOut(spelling, { alphabet, probe, list }).catch(refusalOf);
    if (typeof found === "string") failures.push(`${spelling.name}: ${found}`);
    else return scorerOf(endpoint, { ...found, spelling, alphabet, cache, list });
  }
  throw new ChatError(
    `cannot be scored character by character (${[...new Set(failures)].join("; ")})`,
  );
}

/** What a server answers that finds nothing wrong but the text, which may be too long for it. */
function refusalOf(error: unknown): string {
  if (error instanceof ChatError && error.details.status === 400) return error.message;
  throw error;
}

/** How many tokens come before the first of ours, and what the server calls its model; or why not. */
async function tryOut(
  spelling: Spelling,
  { alphabet, probe, list }: {
    alphabet: readonly string[];
    probe: readonly string[];
    list: (prompt: string, count: number) => Promise<Listing>;
  },
): Promise<{ extra: number; model: string | null } | string> {
  const alone = spelling.end === "";
  const texts = alone ? [[], []] : [[], probe];
  const prefixes = ["", alone ? probe[0]!.slice(0, SHORT) : probe[1]!];
  const extras: number[] = [];
  let model: string | null = null;
  for (const [i, examples] of texts.entries()) {
    const { text, tokens } = spell(spelling, examples, prefixes[i]!);
    const listing = await listed(text, { spelling, alphabet, list });
    if (typeof listing === "string") return listing;
    extras.push(listing.read - tokens);
    model = listing.model;
  }
  const [extra, again] = extras;
  if (extra !== again) return `${again! - extra!} tokens too ${again! > extra! ? "many" : "few"}`;
  if (extra !== 0 && extra !== 1) return `${extra} tokens before the text`; // 1 starts a text
  return { extra, model };
}

/** The text before the next character, and how many tokens it should have. */
function spell(
  { start, before, after, close }: Spelling,
  examples: readonly string[],
  prefix: string,
): { text: string; tokens: number } {
  const characters = (text: string) =>
    Array.from(text, (character) => before + character + after).join("");
  const shown = examples.map((example) => characters(example) + close[0]).join("");
  const length = [...examples.join(""), ...prefix].length;
  return {
    text: start[0] + shown + characters(prefix),
    tokens: start[1] + close[1] * examples.length + length * (after === "" ? 1 : 2),
  };
}

/** A place's listing and ln P of the alphabet and the end in it, or why it cannot be had. */
async function listed(
  prompt: string,
  { spelling: { before, end }, alphabet, list }: {
    spelling: Spelling;
    alphabet: readonly string[];
    list: (prompt: string, count: number) => Promise<Listing>;
  },
): Promise<Listing & { wanted: number[] } | string> {
  for (const count of LISTED) {
    const listing = await list(prompt, count);
    const first = new Map(listing.tokens.toReversed()); // subtle: of equal texts the likeliest
    const ends = end === "" ? ["", "<|endoftext|>", "</s>", "<eos>", "<|end_of_text|>"] : [end];
    const wanted = [
      ...alphabet.map((character) => first.get(before + character)),
      ends.map((text) => first.get(text)).find((value) => value !== undefined),
    ];
    const missing = wanted.indexOf(undefined);
    if (missing < 0) return { ...listing, wanted: wanted as number[] };
    if (listing.tokens.length >= count && count !== LISTED.at(-1)) continue;
    const known = listing.tokens.length;
    if (known < LISTED[0]! && known < alphabet.length + 1) {
      return known === 0
        ? "the server lists no log-probabilities"
        : `the server lists ${known} log-probabilities, ${alphabet.length + 1} are needed`;
    }
    return `${JSON.stringify(before + (alphabet[missing] ?? end))} is no token among ${known}`;
  }
  throw new Error("unreachable");
}

/** Asks which tokens may come next; a server that lists fewer is asked for as many as most allow. */
async function listTokens(
  endpoint: ChatEndpoint,
  { prompt, count, signal }: {
    prompt: string;
    count: number;
    signal: AbortSignal | undefined;
  },
): Promise<Listing> {
  const limit = AbortSignal.timeout(endpoint.timeout ?? 120_000);
  const ask = (logprobs: number) =>
    post(endpoint, {
      path: "completions",
      body: { prompt, max_tokens: 1, temperature: 1, logprobs, stream: false },
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    }).then((response) => readJson(response, LARGEST_LIST));
  let value;
  try {
    value = await ask(count);
  } catch (error) {
    if (!(error instanceof ChatError) || error.details.status !== 400) throw error;
    value = await ask(20).catch(() => {
      throw error;
    });
  }
  const logprobs = value.choices?.[0]?.logprobs;
  const top = logprobs?.content?.[0]?.top_logprobs ?? logprobs?.top_logprobs?.[0] ?? [];
  const pairs: [string, number][] = Array.isArray(top)
    ? top.map(({ token, logprob }) => [String(token), Number(logprob)])
    : Object.entries<number>(top).sort(([, a], [, b]) => b - a);
  const read = value.usage?.prompt_tokens;
  if (typeof read !== "number") {
    throw new ChatError("the server does not say how many tokens it has read");
  }
  return { tokens: pairs, read, model: typeof value.model === "string" ? value.model : null };
}

/** The scorer of a spelling that works; what it asks for it remembers. */
function scorerOf(
  endpoint: ChatEndpoint,
  { spelling, extra, model, alphabet, cache, list }: {
    spelling: Spelling;
    extra: number;
    model: string | null;
    alphabet: readonly string[];
    cache: string | undefined;
    list: (prompt: string, count: number) => Promise<Listing>;
  },
): CharacterScorer {
  const tables = new Map<string, Record<string, number[]>>();
  const unsaved = new Set<string>();
  const keyOf = (shown: string) => [endpoint.url, endpoint.model, model, spelling, alphabet, shown];

  async function tableOf(shown: string): Promise<Record<string, number[]>> {
    const kept = tables.get(shown) ?? await recallJson(cache, keyOf(shown)) ?? {};
    tables.set(shown, kept);
    return kept;
  }

  async function save(): Promise<void> {
    for (const shown of unsaved) await rememberJson(cache, keyOf(shown), tables.get(shown));
    unsaved.clear();
  }

  let asked = 0;
  return {
    spelling,
    showsExamples: spelling.end !== "",
    served: model,
    save,
    next: async (examples, prefix) => {
      const shown = spell(spelling, examples, "").text;
      const table = await tableOf(shown);
      if (!table[prefix]) {
        const { text, tokens } = spell(spelling, examples, prefix);
        const place = await listed(text, { spelling, alphabet, list });
        if (typeof place === "string") throw new ChatError(place);
        if (place.read !== tokens + extra) {
          throw new ChatError(`it read ${place.read} tokens of ${tokens + extra} expected`);
        }
        table[prefix] = place.wanted;
        unsaved.add(shown);
        if (++asked % UNSAVED === 0) await save();
      }
      return normalise(table[prefix]);
    },
  };
}

/** Listed log-probabilities made to sum to one, and what they lacked. */
function normalise(wanted: readonly number[]): Scored {
  const largest = largestOf(wanted);
  const sum = wanted.reduce((sum, value) => sum + Math.exp(value - largest), 0);
  const total = largest + Math.log(sum);
  return {
    logProbabilities: Float64Array.from(wanted, (value) => value - total),
    stray: Math.max(0, 1 - Math.exp(total)),
  };
}
