/**
 * What a model of finite context is worth, with nothing sampled.
 *
 * The model's walk over pairs of context and state (`chain.ts`) tells how many strings end right, and the
 * same walk by the grammar's own probabilities how often the model meets each pair on the grammar's strings.
 *
 * K is the length of the context, V the vocabulary size, P the truth, Q the model.
 */
import type { Grammar } from "../../grammar/mod.ts";
import type { LanguageModel } from "../language_model.ts";
import type { AccuracyBounds } from "./bounds.ts";
import {
  type Chain,
  createChain,
  isWindow,
  OUTSIDE,
  predictAll,
  walkByGrammar,
  walkByModel,
} from "./chain.ts";
import { divergence } from "./evaluate.ts";

/** What a model's strings, and its predictions on the grammar's strings, are worth. */
export interface ExactAccuracy {
  /** The share of members among the strings that the model writes. */
  readonly accuracy: number;
  /** The mean of KL(P ‖ Q) over the tokens of the grammar's strings, in nats. */
  readonly excessLoss: number;
  /** The share of strings, the model's and the grammar's, that were not followed to their end. */
  readonly residual: number;
}

/** A pair is left along an arrow for each token that may follow; more in all take too long. */
const MOST_ARROWS = 1 << 24;

/** Exact to rounding: what was not followed is less than this. */
const MOST_LEFT = 1e-9;

/**
 * The exact accuracy and excess loss of a model whose predictions depend on its last K tokens alone.
 *
 * Null where K is infinite or a Transformer's, where V^(K+1) arrows are too many (with 63 tokens K may be 3, with the 7 of
 * brackets 7), and where the grammar's memory has no bound: then there are infinitely many pairs.
 *
 * @param options.mostArrows the work allowed; it takes a few seconds
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { createGrammar } from "../../grammar/mod.ts";
 * import { createRandomModel } from "../models/random.ts";
 * import { createVocabulary } from "../data/vocabulary.ts";
 * import { exactAccuracy } from "./exact.ts";
 *
 * const grammar = createGrammar("runs", 2); // runs of one: no two neighbours of one kind
 * const model = createRandomModel({ vocabulary: createVocabulary(grammar.alphabet) });
 * const exact = await exactAccuracy(model, { grammar });
 * assertAlmostEquals(exact!.excessLoss, Math.log(63) - grammar.entropyFloor(), 1e-6);
 * ```
 */
export async function exactAccuracy(
  model: LanguageModel,
  { grammar, mostArrows = MOST_ARROWS }: { grammar: Grammar; mostArrows?: number },
): Promise<ExactAccuracy | null> {
  const possible = model.vocabulary.size ** (model.contextLength + 1);
  const { unbounded } = grammar.automaton;
  if (!isWindow(model) || unbounded || possible > 2 * mostArrows) return null;
  const chain = createChain(model, { grammar, mostArrows });
  if (chain.targets.includes(OUTSIDE)) return null;
  const { unknown: _, ...exact } = judge(chain, await predictAll(model, chain));
  return exact.residual > MOST_LEFT ? null : exact;
}

/**
 * Between what the accuracy is proved to lie, where there are too many pairs, or infinitely many: they are
 * followed breadth first as far as is allowed, and what becomes of the rest is left open. Where memory
 * decides, as in `dyck`, that is little; over letters the pairs with contexts of four are millions of about
 * equal weight, and it is most. Null where K is infinite or a Transformer's.
 *
 * @param options.mostArrows the work allowed; it takes a few seconds
 */
export async function boundedAccuracy(
  model: LanguageModel,
  { grammar, mostArrows = MOST_ARROWS }: { grammar: Grammar; mostArrows?: number },
): Promise<AccuracyBounds | null> {
  if (!isWindow(model)) return null;
  const chain = createChain(model, { grammar, mostArrows });
  const { accuracy, unknown } = judge(chain, await predictAll(model, chain));
  return {
    lower: accuracy,
    upper: Math.min(1, accuracy + unknown),
    opened: chain.contextOf.length,
  };
}

/** `unknown`: the share of the model's strings that were not followed to their end. */
function judge(
  chain: Chain,
  logarithms: Float32Array,
): ExactAccuracy & { readonly unknown: number } {
  const { grammar, blocks, contextOf } = chain;
  const written = walkByModel(chain, logarithms.map(Math.exp));
  const read = walkByGrammar(chain);
  const vocabularySize = grammar.alphabet.length + 1;
  let [accuracy, excess, tokens] = [0, 0, 0];
  for (const { state, first, size } of blocks) {
    const truth = grammar.probabilities(state);
    for (let pair = first; pair < first + size; pair++) {
      const start = contextOf[pair]! * vocabularySize;
      const row = logarithms.subarray(start, start + vocabularySize);
      if (truth.at(-1)! > 0) accuracy += written.visits[pair]! * Math.exp(row[0]!);
      excess += read.visits[pair]! * divergence(truth, row);
      tokens += read.visits[pair]!;
    }
  }
  const residual = Math.max(written.residual, read.residual);
  return {
    accuracy: Math.min(1, accuracy),
    excessLoss: excess / tokens,
    residual,
    unknown: written.residual,
  };
}
