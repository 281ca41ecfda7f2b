/** Writing strings with a language model: many at once, in step. */
import { largestOf } from "../../extremes.ts";
import { createRandom, type Random } from "../../random.ts";
import { createTokenSampler, type DecodingOptions } from "./token_sampler.ts";
import { feed, type LanguageModel } from "../language_model.ts";

/** What is to be written. */
export interface SampleOptions extends DecodingOptions {
  /** How many strings. */
  count: number;
  /** Each string has a random stream of its own, from the seed and its number. */
  seed: number;
  /** What all strings begin with, or each one of them. */
  prefix?: string | readonly string[];
  /** A string that has not ended after so many tokens is left unfinished. */
  maxLength?: number | undefined;
}

/** A string that a model wrote. */
export interface Sample {
  /** The prefix and what came after it. */
  readonly text: string;
  /** Whether the model ended it. */
  readonly finished: boolean;
}

/** A string being written. */
interface Draft {
  readonly rng: Random;
  readonly prefix: Int32Array;
  readonly tokens: number[];
  finished: boolean;
}

/** Enough for all but one in many thousands of a trained model's strings. */
const LONGEST = 1000;

/**
 * Draws strings from a model, token by token. A string depends on its own number, the seed and the
 * model alone, not on the others of the batch; finished ones cost nothing more.
 *
 * @throws RangeError on options out of range, a prefix with unknown characters, or a prefix after
 * which the model deems everything impossible
 */
export async function sample(
  model: LanguageModel,
  { count, seed, prefix = "", maxLength = LONGEST, ...options }: SampleOptions,
): Promise<Sample[]> {
  const choose = createTokenSampler(options);
  const prefixes = typeof prefix === "string" ? new Array<string>(count).fill(prefix) : prefix;
  if (prefixes.length !== count) {
    throw new RangeError(`Expected ${count} prefixes, one a string, got ${prefixes.length}`);
  }
  const encoded = prefixes.map((prefix) => model.vocabulary.encode(prefix));
  const longest = largestOf(encoded.map(({ length }) => length));
  if (longest > maxLength) {
    throw new RangeError(`Expected prefixes of at most ${maxLength} tokens, got ${longest}`);
  }
  const { start, end } = model.vocabulary;
  const common = sharedLength(encoded, end);
  const drafts = encoded.map((prefix, i): Draft => ({
    rng: createRandom(seed, "sample", i),
    prefix,
    tokens: Array.from(prefix.subarray(0, common)),
    finished: false,
  }));
  const decoder = model.startDecoding(count);
  try {
    let open = drafts;
    let fed = open.flatMap(({ tokens }) => [start, ...tokens]); // [B, 1 + common]
    for (let length = common; open.length > 0 && length <= maxLength; length++) {
      const tokens = Int32Array.from(fed);
      const predictions = await feed(decoder, { tokens, size: open.length }); // [B, V]
      open.forEach((draft, row) => {
        const { size } = model.vocabulary;
        const prediction = predictions.subarray(row * size, (row + 1) * size);
        const token = draft.prefix[length] ?? choose(prediction, draft.rng);
        if (token === end) draft.finished = true;
        else if (length < maxLength) draft.tokens.push(token);
      });
      open = keepOpen(open, decoder.select);
      fed = open.map(({ tokens }) => tokens.at(-1) ?? start); // [B]
    }
  } finally {
    decoder.dispose();
  }
  return drafts.map(({ tokens, finished }) => ({
    text: model.vocabulary.decode(tokens),
    finished,
  }));
}

/** How many tokens of every prefix can be read at once: those of the shortest, an end token ending it. */
function sharedLength(prefixes: Int32Array[], end: number): number {
  return prefixes.reduce((shortest, prefix) => {
    const length = prefix.indexOf(end);
    return Math.min(shortest, length < 0 ? prefix.length : length);
  }, Infinity);
}

/** Those still being written; the decoder forgets the others. */
function keepOpen(drafts: Draft[], select: (rows: Int32Array) => void): Draft[] {
  const rows = Int32Array.from(drafts.keys()).filter((row) => !drafts[row]!.finished);
  if (rows.length === drafts.length) return drafts;
  select(rows);
  return Array.from(rows, (row) => drafts[row]!);
}
