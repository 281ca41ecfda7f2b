/**
 * What a model knows at each place of long strings, also where it never was in training.
 *
 * At place t, after t characters, the excess loss is the mean of KL(P ‖ Q) over the grammar's strings of
 * at least T characters. There are three ways to it: for a model of finite context the distribution over
 * pairs of context and state is known at every place, so that nothing is drawn; for others all beginnings
 * are looked at as long as they are few, and behind that long strings are drawn.
 *
 * T is the number of characters, V the vocabulary size, P the truth, Q the model.
 */
import { createLongStrings, type Grammar, type LongStrings } from "../../grammar/mod.ts";
import { createRandom } from "../../random.ts";
import type { LanguageModel } from "../language_model.ts";
import { type Chain, createChain, isWindow, OUTSIDE, predictAll } from "./chain.ts";
import { divergence } from "./evaluate.ts";

/** A mean at each place 0 … T. */
export interface PositionCurve {
  /** The means [T + 1]. */
  readonly mean: Float64Array;
  /** Their standard errors [T + 1], over the choice of the strings; 0 where nothing was drawn. */
  readonly error: Float64Array;
}

/** What a model's predictions are worth, place by place. */
export interface PositionLosses {
  /** Mean of KL(P ‖ Q), in nats. */
  readonly excess: PositionCurve;
  /** Mean of what the model gives to all that must not follow. */
  readonly wrong: PositionCurve;
  /** Places 0 … `exact` − 1 are exact: all beginnings were looked at. */
  readonly exact: number;
}

/** How long, and how closely. */
export interface PositionOptions {
  /** Whose strings are read. */
  readonly grammar: Grammar;
  /** T. */
  readonly length: number;
  /** Long strings that are drawn. */
  readonly strings?: number;
  /** Decides which. */
  readonly seed?: number;
  /** Beginnings of one length that are looked at one by one. */
  readonly mostBeginnings?: number;
  /** Work allowed for a model of finite context, as in `exactAccuracy`. */
  readonly mostArrows?: number;
}

/**
 * The excess loss of a model at each place of the grammar's strings of at least T characters.
 *
 * @throws RangeError on a grammar of infinitely many states
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { createGrammar } from "../../grammar/mod.ts";
 * import { createRandomModel } from "../models/random.ts";
 * import { createVocabulary } from "../data/vocabulary.ts";
 * import { evaluateByPosition } from "./by_position.ts";
 *
 * const grammar = createGrammar("parity", 2); // after an upper-case letter one, else a lower-case one
 * const model = createRandomModel({ vocabulary: createVocabulary(grammar.alphabet) });
 * const { excess, wrong } = await evaluateByPosition(model, { grammar, length: 50 });
 * assertAlmostEquals(excess.mean[0]!, Math.log(53 / 52), 1e-6); // it may not end there
 * assertAlmostEquals(wrong.mean[50]!, 26 / 53, 1e-6);
 * ```
 */
export async function evaluateByPosition(
  model: LanguageModel,
  { grammar, length, strings = 400, seed = 0, mostBeginnings = 4000, mostArrows = 1 << 22 }:
    PositionOptions,
): Promise<PositionLosses> {
  const long = createLongStrings(grammar.automaton, length);
  const pairs = model.vocabulary.size ** (model.contextLength + 1);
  if (isWindow(model) && pairs <= 2 * mostArrows) {
    const chain = createChain(model, { grammar, mostArrows });
    if (!chain.targets.includes(OUTSIDE)) return await alongChain(model, { chain, long });
  }
  const first = await overBeginnings(model, { grammar, long, mostBeginnings });
  const drawn = await overStrings(model, { grammar, long, strings, seed });
  for (const [t, { excess, wrong }] of first.entries()) {
    drawn.excess.mean[t] = excess;
    drawn.wrong.mean[t] = wrong;
    drawn.excess.error[t] = drawn.wrong.error[t] = 0;
  }
  return { ...drawn, exact: first.length };
}

/** What a prediction is worth. */
interface Judged {
  readonly excess: number;
  readonly wrong: number;
}

/** Judges ln Q of the next token [V]; `truth` has the end last, the row has it first. */
function judge(truth: Float64Array, row: Float32Array): Judged {
  let wrong = 0;
  for (let i = 0; i < truth.length; i++) {
    if (truth[i] === 0) wrong += Math.exp(row[(i + 1) % row.length]!);
  }
  return { excess: divergence(truth, row), wrong };
}

function emptyCurve(length: number): PositionCurve {
  return { mean: new Float64Array(length + 1), error: new Float64Array(length + 1) };
}

/** The model of finite context: how likely each block of pairs is, place after place. */
async function alongChain(
  model: LanguageModel,
  { chain, long }: { chain: Chain; long: LongStrings },
): Promise<PositionLosses> {
  const { blocks, offsets, targets } = chain;
  const judged = judgeBlocks(chain, await predictAll(model, chain));
  const [excess, wrong] = [emptyCurve(long.length), emptyCurve(long.length)];
  let here = new Float64Array(blocks.length);
  here[0] = 1;
  for (let t = 0; t <= long.length; t++) {
    const next = new Float64Array(blocks.length);
    here.forEach((mass, index) => {
      if (mass === 0) return;
      excess.mean[t]! += mass * judged[index]!.excess;
      wrong.mean[t]! += mass * judged[index]!.wrong;
      if (t === long.length) return;
      const { state, first, size } = blocks[index]!;
      const arrows = long.arrows(state, t);
      for (let pair = first; pair < first + size; pair++) {
        arrows.forEach(({ probability }, i) =>
          next[targets[offsets[pair]! + i]!]! += mass / size * probability
        );
      }
    });
    here = next;
  }
  return { excess, wrong, exact: long.length + 1 };
}

/** The mean over the pairs of each block: the grammar's strings come to all of them alike. */
function judgeBlocks({ grammar, blocks, contextOf }: Chain, rows: Float32Array): Judged[] {
  const vocabularySize = grammar.alphabet.length + 1;
  return blocks.map(({ state, first, size }) => {
    const truth = grammar.probabilities(state);
    let [excess, wrong] = [0, 0];
    for (let pair = first; pair < first + size; pair++) {
      const start = contextOf[pair]! * vocabularySize;
      const one = judge(truth, rows.subarray(start, start + vocabularySize));
      excess += one.excess / size;
      wrong += one.wrong / size;
    }
    return { excess, wrong };
  });
}

/** Means over all beginnings of 0, 1, 2, … characters, as long as they are few. */
async function overBeginnings(
  model: LanguageModel,
  { grammar, long, mostBeginnings }: {
    grammar: Grammar;
    long: LongStrings;
    mostBeginnings: number;
  },
): Promise<Judged[]> {
  const { vocabulary } = model;
  const { symbols } = grammar;
  const tokens = symbols.map(({ characters }) => vocabulary.encode(characters.join("")));
  const means: Judged[] = [];
  let level = [{ parent: 0, token: vocabulary.start, state: grammar.start, share: 1 }];
  const decoder = model.startDecoding(1);
  try {
    for (let t = 0; t <= long.length && level.length <= mostBeginnings; t++) {
      if (t > 0) decoder.select(Int32Array.from(level, ({ parent }) => parent));
      const values = await decoder.step(Int32Array.from(level, ({ token }) => token)); // [B, V]
      const mean = { excess: 0, wrong: 0 };
      level.forEach(({ state, share }, row) => {
        const { size } = vocabulary;
        const one = judge(
          grammar.probabilities(state),
          values.subarray(row * size, (row + 1) * size),
        );
        mean.excess += share * one.excess;
        mean.wrong += share * one.wrong;
      });
      means.push(mean);
      if (t === long.length) break;
      level = level.flatMap(({ state, share }, parent) =>
        long.arrows(state, t).flatMap(({ symbol, target, probability }) =>
          Array.from(tokens[symbol]!, (token) => ({
            ...{ parent, token, state: target },
            share: share * probability / tokens[symbol]!.length,
          }))
        )
      );
    }
  } finally {
    decoder.dispose();
  }
  return means;
}

/** Means over long strings that are drawn, and how far these may be off. */
async function overStrings(
  model: LanguageModel,
  { grammar, long, strings, seed }: {
    grammar: Grammar;
    long: LongStrings;
    strings: number;
    seed: number;
  },
): Promise<Omit<PositionLosses, "exact">> {
  const { size, start, encode } = model.vocabulary;
  const rng = createRandom(seed, "long strings");
  const texts = Array.from({ length: strings }, () => long.sample(rng));
  const places = long.length + 1;
  const inputs = new Int32Array(strings * places);
  texts.forEach((text, row) => inputs.set([start, ...encode(text)], row * places));
  const values = await model.logProbabilities({ size: strings, length: places, inputs }); // [B, T, V]
  const columns = Array.from({ length: places }, () => [] as Judged[]);
  texts.forEach((text, row) => {
    let state = grammar.start;
    columns.forEach((column, t) => {
      if (t > 0) state = grammar.next(state, text[t - 1]!)!;
      const first = (row * places + t) * size;
      column.push(judge(grammar.probabilities(state), values.subarray(first, first + size)));
    });
  });
  const curve = (pick: (one: Judged) => number) => {
    const one = emptyCurve(long.length);
    columns.forEach((column, t) => {
      const mean = column.reduce((sum, judged) => sum + pick(judged), 0) / strings;
      const squares = column.reduce((sum, judged) => sum + (pick(judged) - mean) ** 2, 0);
      one.mean[t] = mean;
      one.error[t] = Math.sqrt(squares / Math.max(1, strings - 1) / strings);
    });
    return one;
  };
  return { excess: curve(({ excess }) => excess), wrong: curve(({ wrong }) => wrong) };
}
