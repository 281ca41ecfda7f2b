/**
 * How good a model's probabilities are on given strings.
 *
 * V is the vocabulary size, P the truth, Q the model.
 */
import type { Grammar } from "../../grammar/mod.ts";
import { sortedBatches } from "../data/batches.ts";
import { charactersOfTokens } from "../data/bpe_vocabulary.ts";
import type { LanguageModel, TokenBatch } from "../language_model.ts";
import { PADDING } from "../data/vocabulary.ts";

/** Losses in nats a token. */
export interface Losses {
  /** Mean of −ln Q(token), each string's end included. */
  readonly loss: number;
  /** Mean of KL(P ‖ Q) at the same places: what could be better, without the luck of the draw. */
  readonly excessLoss: number;
  /** Standard error of the excess loss, over the choice of the strings. */
  readonly excessError: number;
}

/** Mean losses over all tokens of some batches. */
export interface BatchLosses {
  /** In nats a token. */
  readonly loss: number;
  /** In bits a character, whatever a token is. */
  readonly bitsPerCharacter: number;
}

/** What a model predicts at one place of a string. */
interface Prediction {
  /** ln Q of every token [V]. */
  readonly row: Float32Array;
  /** The last token read; the start token at the beginning of a string. */
  readonly read: number;
  /** The token that follows in the string. */
  readonly target: number;
}

/** Mean of −ln Q(token) over all tokens of the strings, in nats, each string's end included. */
export async function evaluateLoss(
  model: LanguageModel,
  strings: readonly Int32Array[],
): Promise<number> {
  let sum = 0;
  const tokens = await visitPredictions(model, {
    strings,
    visit: ({ row, target }) => sum -= row[target]!,
  });
  return sum / tokens;
}

/** Reads batches and compares. */
export async function evaluateBatches(
  model: LanguageModel,
  batches: readonly TokenBatch[],
): Promise<BatchLosses> {
  const widths = charactersOfTokens(model.vocabulary);
  let sum = 0;
  let characters = 0;
  const tokens = await visitBatches(model, {
    batches,
    visit: ({ row, target }) => {
      sum -= row[target]!;
      characters += widths[target]!;
    },
  });
  return { loss: sum / tokens, bitsPerCharacter: sum / characters / Math.LN2 };
}

/**
 * The loss on members of a grammar, and the excess loss: the mean over all their tokens of
 * KL(P ‖ Q) = Σ P·(ln P − ln Q), exact for every prefix that occurs in them.
 */
export async function evaluateAgainstGrammar(
  model: LanguageModel,
  { grammar, strings }: { grammar: Grammar; strings: readonly Int32Array[] },
): Promise<Losses> {
  const { start, symbol } = model.vocabulary;
  const excesses: { sum: number; tokens: number }[] = []; // of each string
  let state = grammar.start;
  let loss = 0;
  const tokens = await visitPredictions(model, {
    strings,
    visit: ({ row, read, target }) => {
      if (read === start) excesses.push({ sum: 0, tokens: 0 });
      state = read === start ? grammar.start : grammar.next(state, symbol(read))!;
      loss -= row[target]!;
      const excess = excesses.at(-1)!;
      excess.sum += divergence(grammar.probabilities(state), row);
      excess.tokens++;
    },
  });
  const excessLoss = excesses.reduce((sum, excess) => sum + excess.sum, 0) / tokens;
  return { loss: loss / tokens, excessLoss, excessError: ratioError(excesses, excessLoss) };
}

/** Standard error of a ratio Σ sum / Σ tokens (Cochran, 1977, equation 6.13). */
function ratioError(parts: { sum: number; tokens: number }[], ratio: number): number {
  const tokens = parts.reduce((sum, part) => sum + part.tokens, 0);
  const squares = parts.reduce((sum, part) => sum + (part.sum - ratio * part.tokens) ** 2, 0);
  return Math.sqrt(squares * parts.length / Math.max(1, parts.length - 1)) / tokens;
}

/** KL(P ‖ Q); `truth` has the end last, the row of ln Q has it first. */
export function divergence(truth: Float64Array, row: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < truth.length; i++) {
    const probability = truth[i]!;
    if (probability > 0) sum += probability * (Math.log(probability) - row[(i + 1) % row.length]!);
  }
  return sum;
}

/** ln Q(string) of each string, its end included: exact, whatever the model. */
export async function stringLogProbabilities(
  model: LanguageModel,
  strings: readonly Int32Array[],
): Promise<Float64Array> {
  const byLength = [...strings.keys()].sort((a, b) => strings[a]!.length - strings[b]!.length);
  const logarithms = new Float64Array(strings.length);
  let next = 0;
  await visitPredictions(model, {
    strings: byLength.map((i) => strings[i]!), // subtle: batches keep this order
    visit: ({ row, read, target }) => {
      if (read === model.vocabulary.start) next++;
      logarithms[byLength[next - 1]!]! += row[target]!;
    },
  });
  return logarithms;
}

/** Shows each prediction, string by string in the order of reading; resolves to their number. */
function visitPredictions(
  model: LanguageModel,
  { strings, visit }: { strings: readonly Int32Array[]; visit: Visit },
): Promise<number> {
  const { vocabulary } = model;
  const batches = sortedBatches(strings, { batchSize: 256, vocabulary });
  return visitBatches(model, { batches, visit });
}

/** Is shown a prediction. */
type Visit = (prediction: Prediction) => void;

/** Shows each prediction of batches; resolves to their number. */
async function visitBatches(
  model: LanguageModel,
  { batches, visit }: { batches: readonly TokenBatch[]; visit: Visit },
): Promise<number> {
  const { size } = model.vocabulary;
  let tokens = 0;
  for (const batch of batches) {
    const rows = await model.logProbabilities(batch); // [B, T, V]
    batch.targets.forEach((target, i) => {
      if (target === PADDING) return;
      visit({ row: rows.subarray(i * size, (i + 1) * size), read: batch.inputs[i]!, target });
    });
    tokens += batch.tokens;
  }
  return tokens;
}
