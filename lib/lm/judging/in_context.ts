/**
 * Learning from examples alone: how far a model is from the truth after it was shown so many strings.
 *
 * Every learner is shown the same strings and predicts the same others, so that the curves can be
 * compared place by place: a large language model, models that count, and the ideal learner.
 */
import { type CharacterScorer, ChatError } from "../../chat/mod.ts";
import type { Grammar } from "../../grammar/mod.ts";
import { createRandom } from "../../random.ts";
import type { Vocabulary } from "../data/vocabulary.ts";
import type { LanguageModel } from "../language_model.ts";
import { createCountModel } from "../models/count_ngram.ts";
import { createIdealLearner } from "../models/learner.ts";
import { evaluateAgainstGrammar } from "./evaluate.ts";
import { createServedModel } from "./served.ts";

/** Numbers of examples that are tried. */
export const usualExamples: readonly number[] = [0, 1, 3, 10, 30, 100, 300];

/** What is shown, what is to be predicted, and how often the examples are drawn anew. */
export interface InContextSetting {
  /** The truth. */
  readonly grammar: Grammar;
  /** Its characters. */
  readonly vocabulary: Vocabulary;
  /** Strings to show. */
  readonly training: readonly string[];
  /** Strings to predict, which no learner has seen. */
  readonly strings: readonly string[];
  /** Decides which strings are shown. */
  readonly seed: number;
  /** Numbers of examples; {@linkcode usualExamples} by default. */
  readonly examples?: readonly number[];
  /** How many lists of examples are drawn: the strings are dealt out among them. */
  readonly draws?: number;
}

/** How far from the truth a learner is after some examples, in nats a token. */
export interface InContextPoint {
  /** Strings shown. */
  readonly examples: number;
  /** Mean of −ln Q(token). */
  readonly loss: number;
  /** Mean of KL(P ‖ Q), exact at each place. */
  readonly excessLoss: number;
  /** Its standard error, over the strings. */
  readonly excessError: number;
  /** Strings that it was judged on, where some were too long for its context. */
  readonly strings?: number;
  /** Mean probability of what is neither of the alphabet nor the end, where that can be. */
  readonly stray?: number;
}

/** A learner and its curve. */
export interface InContextCurve {
  /** Who learned. */
  readonly name: string;
  /** By rising numbers of examples. */
  readonly points: readonly InContextPoint[];
}

/** A learner: a language model for each list of examples. */
type Learner = (examples: readonly string[]) => LanguageModel;

/** Small counts are smoothed by half a count each (Krichevsky and Trofimov, 1981). */
const HALF = 1 / 2;

/** The curves that need no large model: the count models up to the grammar's N, the ideal learner. */
export async function referenceCurves(setting: InContextSetting): Promise<InContextCurve[]> {
  const { vocabulary, grammar } = setting;
  const orders = Array.from({ length: Math.min(3, grammar.minimalOrder() ?? 3) }, (_, i) => i + 1);
  const learners: [string, Learner][] = [
    ...orders.map((order): [string, Learner] => [
      `count-${order}`,
      (examples) =>
        createCountModel({
          ...{ order, vocabulary, alpha: HALF, backOff: true },
          strings: examples.map((text) => vocabulary.encode(text)),
        }),
    ]),
    ["ideal learner", (examples) => createIdealLearner(examples, { vocabulary })],
  ];
  const curves: InContextCurve[] = [];
  for (const [name, learner] of learners) {
    curves.push({ name, points: await curveOf(learner, setting) });
  }
  return curves;
}

/**
 * The curve of a large language model, as far as its context reaches; only its first point where it can
 * be shown no examples. Each point is told at once, for the next may take minutes.
 *
 * @throws ChatError when the server fails
 */
export async function servedCurve(
  scorer: CharacterScorer,
  { name, onPoint, ...setting }: InContextSetting & {
    name: string;
    onPoint?: (point: InContextPoint) => Promise<void>;
  },
): Promise<InContextCurve> {
  const { examples = usualExamples, vocabulary, training } = setting;
  const points: InContextPoint[] = [];
  const tried = scorer.showsExamples ? examples : [0];
  for (const shown of tried.filter((count) => count <= training.length)) {
    let [stray, places] = [0, 0];
    const onPlace = (place: { stray: number }) => {
      stray += place.stray;
      places++;
    };
    const learner: Learner = (examples) =>
      createServedModel(scorer, { name, vocabulary, examples, onPlace });
    const strings = await fitting(scorer, { ...setting, shown });
    if (strings.length === 0) break;
    try {
      const [point] = await curveOf(learner, { ...setting, strings, examples: [shown] });
      points.push({ ...point!, strings: strings.length, stray: stray / places });
    } catch (error) {
      if (isFull(error) && points.length > 0) break; // another draw of examples is longer
      throw error;
    }
    await scorer.save();
    await onPoint?.(points.at(-1)!);
  }
  return { name, points };
}

/** The strings that the server's context has room for, found from the longest on. */
async function fitting(
  scorer: CharacterScorer,
  { shown, ...setting }: InContextSetting & { shown: number },
): Promise<string[]> {
  const examples = shownExamples(setting, { draw: 0, shown });
  const longest = [...setting.strings].sort((a, b) => b.length - a.length);
  for (const [i, text] of longest.entries()) {
    try {
      await scorer.next(examples, text);
      return setting.strings.filter(({ length }) => length <= text.length);
    } catch (error) {
      if (!isFull(error) || i + 1 === longest.length && shown === 0) throw error;
    }
  }
  return [];
}

/** Whether a server refused a text, as it does when its context is full. */
function isFull(error: unknown): boolean {
  return error instanceof ChatError && error.details.status === 400;
}

/** The examples of a draw: more of them begin with the fewer. */
function shownExamples(
  { training, seed }: InContextSetting,
  { draw, shown }: { draw: number; shown: number },
): string[] {
  return createRandom(seed, "shown", draw).shuffle([...training]).slice(0, shown);
}

/** A learner's excess after each number of examples, pooled over the draws. */
async function curveOf(
  learner: Learner,
  setting: InContextSetting,
): Promise<InContextPoint[]> {
  const { grammar, vocabulary, strings, examples = usualExamples, draws = 4 } = setting;
  const points: InContextPoint[] = [];
  for (const shown of examples) {
    let [loss, excess, variance, tokens] = [0, 0, 0, 0];
    for (let draw = 0; draw < Math.min(draws, strings.length); draw++) {
      const model = learner(shownExamples(setting, { draw, shown }));
      const dealt = strings.filter((_, i) => i % draws === draw).map(vocabulary.encode);
      const losses = await evaluateAgainstGrammar(model, { grammar, strings: dealt });
      const count = dealt.reduce((sum, { length }) => sum + length + 1, 0);
      loss += count * losses.loss;
      excess += count * losses.excessLoss;
      variance += (count * losses.excessError) ** 2;
      tokens += count;
      model.dispose();
    }
    points.push({
      examples: shown,
      loss: loss / tokens,
      excessLoss: excess / tokens,
      excessError: Math.sqrt(variance) / tokens,
    });
  }
  return points;
}
