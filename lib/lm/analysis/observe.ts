/**
 * Reads values out of a model's forward pass, position by position, with what the grammar knows there.
 *
 * Letters: B sequences, T positions, C width of what is observed, R positions in all.
 */
import type { Grammar } from "../../grammar/mod.ts";
import { tf } from "../../tensor/mod.ts";
import { sortedBatches } from "../data/batches.ts";
import type { NeuralModel, TokenBatch } from "../language_model.ts";

/** Observed vectors of all positions of some strings. */
export interface Observed {
  /** The vectors, R rows of C numbers. */
  readonly rows: Float32Array[];
  /** The automaton's state at each position, after the character read there. */
  readonly states: number[];
  /** The token read at each position. */
  readonly tokens: number[];
  /** The token that follows (the end token at last). */
  readonly next: number[];
  /** Which string each position belongs to, 0, 1, …; the same number for equal strings. */
  readonly strings: number[];
}

const BATCH_SIZE = 64;

/** The batches of those strings that the model can read in one pass. */
function readable(model: NeuralModel, encoded: readonly Int32Array[]): TokenBatch[] {
  const short = encoded.filter(({ length }) => length < model.longestInput);
  return sortedBatches(short, { batchSize: BATCH_SIZE, vocabulary: model.vocabulary });
}

/**
 * The values [B, T, …] of one name that a forward pass over a batch observes; the name `logits` is
 * what it returns.
 */
export async function observeBatch(
  model: NeuralModel,
  { batch, name }: { batch: TokenBatch; name: string },
): Promise<{ shape: number[]; values: Float32Array }> {
  let observed: tf.Tensor | undefined;
  tf.tidy(() => {
    const inputs = tf.tensor2d(batch.inputs, [batch.size, batch.length], "int32");
    const observe = (found: string, value: tf.Tensor) => {
      if (found === name) observed = tf.keep(value.clone());
    };
    observe("logits", model.logits(inputs, { observe }));
  });
  if (!observed) {
    throw new RangeError(`Expected a value that ${model.name} lets observe, got "${name}"`);
  }
  const values = await observed.data() as Float32Array;
  const { shape } = observed;
  observed.dispose();
  return { shape, values };
}

/** Calls `visit` for every batch of the strings with the observed values of one name. */
export async function observeAll(
  model: NeuralModel,
  { encoded, name, visit }: {
    encoded: readonly Int32Array[];
    name: string;
    visit: (batch: TokenBatch, values: Float32Array, shape: number[]) => void;
  },
): Promise<void> {
  for (const batch of readable(model, encoded)) {
    const { values, shape } = await observeBatch(model, { batch, name });
    visit(batch, values, shape);
  }
}

/** The vectors [B, T, C] of one name at every position of members of the language. */
export async function observePositions(
  model: NeuralModel,
  { grammar, encoded, name }: {
    grammar: Grammar;
    encoded: readonly Int32Array[];
    name: string;
  },
): Promise<Observed> {
  const found: Observed = { rows: [], states: [], tokens: [], next: [], strings: [] };
  const known = new Map<string, number>(); // strings and their numbers
  await observeAll(model, {
    encoded,
    name,
    visit: (batch, values) => {
      const width = values.length / batch.targets.length;
      const stringOf = numberStrings(batch, known);
      let state = grammar.start;
      batch.targets.forEach((target, i) => {
        if (target < 0) return;
        const token = batch.inputs[i]!;
        state = i % batch.length === 0
          ? grammar.start
          : grammar.next(state, model.vocabulary.symbol(token))!;
        found.rows.push(values.slice(i * width, (i + 1) * width));
        found.states.push(state);
        found.tokens.push(token);
        found.next.push(target);
        found.strings.push(stringOf[Math.floor(i / batch.length)]!);
      });
    },
  });
  return found;
}

/** The number of each string of a batch [B]: a new one for a string that was not read before. */
function numberStrings(
  { size, length, targets }: TokenBatch,
  known: Map<string, number>,
): number[] {
  return Array.from({ length: size }, (_, row) => {
    const key = targets.subarray(row * length, (row + 1) * length).filter((token) => token >= 0)
      .join();
    if (!known.has(key)) known.set(key, known.size);
    return known.get(key)!;
  });
}
