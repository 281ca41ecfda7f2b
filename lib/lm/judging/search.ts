/**
 * The most probable beginnings of a model's strings, one after the other.
 *
 * A string is at most as probable as any beginning of it. So whoever opens the most probable beginnings
 * first knows at any time what can still come, and can prove that nothing likelier was overlooked.
 *
 * V is the vocabulary size, Q the model.
 */
import TinyQueue from "tinyqueue";
import type { Grammar } from "../../grammar/mod.ts";
import type { LanguageModel } from "../language_model.ts";
import { predictNext } from "./predict.ts";

/** The beginning of a string. */
export interface Beginning {
  /** The beginning that is one token shorter; null for the start. */
  readonly parent: Beginning | null;
  /** The last token, the start token of the start. */
  readonly token: number;
  /** The share of the model's strings that begin like this. */
  readonly probability: number;
  /** The grammar's state; undefined once the rule is broken. */
  readonly state: number | undefined;
}

/** How far to look. */
interface SearchOptions {
  /** Whose states the beginnings carry. */
  readonly grammar: Grammar;
  /** The most beginnings that may be opened. */
  readonly most: number;
  /** Whether to go on behind the first mistake. */
  readonly pastMistakes: boolean;
  /** Sees each beginning with ln Q of what follows it [V]. */
  readonly visit: (beginning: Beginning, row: Float32Array) => void;
  /** Beginnings that are no more probable than this need not be opened. */
  readonly enough?: () => number;
}

/** Beginnings that the model predicts from at once. */
const BATCH_SIZE = 256;

/**
 * Opens beginnings, the most probable first (a few hundred at a time).
 *
 * @returns the number opened, and the probability of the likeliest one that was not
 */
export async function searchBeginnings(
  model: LanguageModel,
  { grammar, most, pastMistakes, visit, enough = () => 0 }: SearchOptions,
): Promise<{ opened: number; left: number }> {
  const { size, start, end, symbol } = model.vocabulary;
  const queue = new TinyQueue<Continuation>([], (a, b) => b.probability - a.probability);
  const next = (state: number | undefined, token: number) =>
    state === undefined ? undefined : grammar.next(state, symbol(token));
  const enqueue = (from: Continuation["from"], rank: number) => {
    const token = from.ranking[rank];
    if (token === undefined) return;
    const probability = from.beginning.probability * Math.exp(from.row[token]!);
    if (probability > 0) queue.push({ from, rank, probability });
  };
  const open = (beginning: Beginning, row: Float32Array) => {
    visit(beginning, row);
    const ranking = [...row.keys()]
      .filter((token) => token !== end)
      .filter((token) => pastMistakes || next(beginning.state, token) !== undefined)
      .sort((a, b) => row[b]! - row[a]!);
    enqueue({ beginning, row, ranking }, 0);
  };
  let batch: Beginning[] = [{ parent: null, token: start, probability: 1, state: grammar.start }];
  let opened = 0;
  while (batch.length > 0) {
    const rows = await predictNext(model, batch.map(tokensOf)); // [B, V]
    batch.forEach((beginning, i) => open(beginning, rows.slice(i * size, (i + 1) * size)));
    opened += batch.length;
    batch = [];
    while (batch.length < Math.min(BATCH_SIZE, most - opened)) {
      const best = queue.peek();
      if (best === undefined || best.probability <= enough()) break;
      const { from, rank, probability } = queue.pop()!;
      enqueue(from, rank + 1);
      const token = from.ranking[rank]!;
      const { beginning: parent } = from;
      batch.push({ parent, token, probability, state: next(parent.state, token) });
    }
  }
  return { opened, left: queue.peek()?.probability ?? 0 };
}

/** One token more behind an opened beginning; the less probable ones wait behind it. */
interface Continuation {
  readonly from: {
    readonly beginning: Beginning;
    readonly row: Float32Array;
    /** The tokens that may follow, the most probable first. */
    readonly ranking: readonly number[];
  };
  readonly rank: number;
  readonly probability: number;
}

/** The tokens of a beginning, the start token first. */
export function tokensOf(beginning: Beginning): number[] {
  const tokens: number[] = [];
  for (let one: Beginning | null = beginning; one !== null; one = one.parent) {
    tokens.push(one.token);
  }
  return tokens.reverse();
}
