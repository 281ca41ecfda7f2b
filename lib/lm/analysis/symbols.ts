/** From tokens to the grammar's symbols. */
import { largestOf } from "../../extremes.ts";
import type { Grammar } from "../../grammar/mod.ts";
import type { LanguageModel } from "../language_model.ts";

/** A model and the grammar whose symbols its tokens show. */
export interface Reading {
  readonly model: LanguageModel;
  readonly grammar: Grammar;
}

/** The symbol's index of a token; the number of symbols for the end. */
export function symbolOf(
  token: number,
  { model, grammar }: Reading,
): number {
  if (token === model.vocabulary.end) return grammar.symbols.length;
  return grammar.symbols.indexOf(grammar.symbolOf(model.vocabulary.symbol(token))!);
}

/** P(symbol) and, at last, P(end) from a row of logits. */
export function bySymbol(
  row: Float32Array,
  { model, grammar }: Reading,
): number[] {
  const largest = largestOf(row);
  const weights = Array.from(row, (logit) => Math.exp(logit - largest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const sums = new Array<number>(grammar.symbols.length + 1).fill(0);
  weights.forEach((weight, token) => sums[symbolOf(token, { model, grammar })]! += weight / total);
  return sums;
}
