/** The accuracy of any model, estimated more closely than by counting right strings. */
import type { Grammar } from "../../grammar/mod.ts";
import { createRandom, type Random } from "../../random.ts";
import type { LanguageModel } from "../language_model.ts";

/** An estimate and how far it may be off. */
export interface AccuracyEstimate {
  /** The share of members among the model's strings; its expectation is exact. */
  readonly accuracy: number;
  /** Standard error of the accuracy, over the choice of the strings. */
  readonly error: number;
}

/** How an accuracy is estimated. */
export interface EstimateOptions {
  /** What the model's strings should belong to. */
  readonly grammar: Grammar;
  /** Number of strings that are drawn. */
  readonly count?: number;
  /** Decides which. */
  readonly seed?: number;
  /** Strings that are longer count for wrong. */
  readonly maxLength?: number;
}

/** A string that counts less than this need not be written to its end. */
const NEGLIGIBLE = 1e-12;

/**
 * Lets the model write, but takes care that it errs nowhere: each token is drawn from those that may
 * follow, by the model's own probabilities. What the model would have given to right tokens, from the
 * first to the last multiplied, is how much the string counts. The mean of that is the accuracy:
 *
 *     Σ over right strings of Π (q/m) · Π m = Σ over right strings of Π q
 *
 * where m is the share of right tokens at each place. Counting right strings says 0 or 1 for each; a good
 * model's products all lie near 1, and so their mean has a much smaller error.
 */
export async function estimateAccuracy(
  model: LanguageModel,
  { grammar, count = 1000, seed = 0, maxLength = 1000 }: EstimateOptions,
): Promise<AccuracyEstimate> {
  const { start, end, symbol } = model.vocabulary;
  const rng = createRandom(seed, "estimate");
  const products: number[] = [];
  let drafts = Array.from({ length: count }, () => ({ token: start, state: grammar.start, m: 1 }));
  const decoder = model.startDecoding(count);
  try {
    for (let length = 0; drafts.length > 0 && length <= maxLength; length++) {
      const values = await decoder.step(Int32Array.from(drafts, ({ token }) => token)); // [B, V]
      const size = values.length / drafts.length;
      const going: number[] = [];
      drafts.forEach((draft, row) => {
        const shares = rightShares(values.subarray(row * size, (row + 1) * size), {
          truth: grammar.probabilities(draft.state),
        });
        draft.m *= shares.reduce((sum, share) => sum + share, 0);
        draft.token = draft.m > NEGLIGIBLE ? draw(shares, rng) : end;
        if (draft.token === end) return void products.push(draft.m);
        draft.state = grammar.next(draft.state, symbol(draft.token))!;
        going.push(row);
      });
      drafts = going.map((row) => drafts[row]!);
      decoder.select(Int32Array.from(going));
    }
  } finally {
    decoder.dispose();
  }
  const mean = products.reduce((sum, product) => sum + product, 0) / count;
  const unfinished = count - products.length; // they count as 0
  const squares = products.reduce((sum, product) => sum + (product - mean) ** 2, 0) +
    unfinished * mean ** 2;
  return { accuracy: mean, error: Math.sqrt(squares / Math.max(1, count - 1) / count) };
}

/** Q of the tokens that may follow, 0 for all others; `truth` has the end last, the row has it first. */
function rightShares(row: Float32Array, { truth }: { truth: Float64Array }): Float64Array {
  return Float64Array.from(
    row,
    (logarithm, token) => truth.at(token - 1)! > 0 ? Math.exp(logarithm) : 0,
  );
}

/** A token with a probability in proportion to its share. */
function draw(shares: Float64Array, rng: Random): number {
  let left = rng.uniform() * shares.reduce((sum, share) => sum + share, 0);
  let last = 0;
  for (const [token, share] of shares.entries()) {
    if (share === 0) continue;
    last = token; // subtle: rounding may leave a crumb behind the last one
    left -= share;
    if (left < 0) return token;
  }
  return last;
}
