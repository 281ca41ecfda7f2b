/** All that can be known of a model's accuracy without letting it write and counting. */
import type { Grammar } from "../../grammar/mod.ts";
import type { LanguageModel } from "../language_model.ts";
import { accuracyBounds } from "./bounds.ts";
import { type AccuracyEstimate, estimateAccuracy } from "./estimate.ts";
import { boundedAccuracy, type ExactAccuracy, exactAccuracy } from "./exact.ts";

/** The share of members among all strings that a model writes. */
export interface KnownAccuracy {
  /** The share itself and the exact excess loss, where the context is finite and short. */
  readonly exact: ExactAccuracy | null;
  /** Between what the share is proved to lie. */
  readonly bounds: { readonly lower: number; readonly upper: number };
  /** Where it is not exact: an estimate with its standard error. */
  readonly estimate: AccuracyEstimate | null;
}

/** Work for bounds, which are only narrow where strings are few or memory decides. */
const MOST_ARROWS = 1 << 20;
const MOST_BEGINNINGS = 1000;

/** The exact accuracy, or else bounds that are proved and an estimate that is close. */
export async function knownAccuracy(
  model: LanguageModel,
  { grammar, seed }: { grammar: Grammar; seed: number },
): Promise<KnownAccuracy> {
  const exact = await exactAccuracy(model, { grammar });
  if (exact !== null) {
    const { accuracy, residual } = exact;
    return { exact, bounds: { lower: accuracy, upper: accuracy + residual }, estimate: null };
  }
  const estimate = await estimateAccuracy(model, { grammar, seed });
  const chained = grammar.automaton.unbounded
    ? await boundedAccuracy(model, { grammar, mostArrows: MOST_ARROWS })
    : null;
  const { lower, upper } = chained ??
    await accuracyBounds(model, { grammar, most: MOST_BEGINNINGS });
  return { exact, bounds: { lower, upper }, estimate };
}
