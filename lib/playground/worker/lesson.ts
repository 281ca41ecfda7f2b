/** What a worker trains on: the very strings and first weights that `milestone:lm` has for the seed. */
import { createGrammar, type Grammar } from "../../grammar/mod.ts";
import { type BatchSource, stringBatches } from "../../lm/data/batches.ts";
import { type Corpus, createGrammarCorpus } from "../../lm/data/corpus.ts";
import { isNeural, type NeuralModel } from "../../lm/language_model.ts";
import { initialModel } from "../../lm/run/learn.ts";
import type { Lesson, Opened } from "../protocol.ts";
import { nameOf } from "../settings.ts";

/** Strings that choose the best weights, and strings that judge, as in `milestone:lm`. */
const KEPT_ASIDE = 1000;

/** Where no order suffices, ideal k-gram models are shown up to this k. */
const LAST_IDEAL_ORDER = 6;

/** A lesson that has been prepared. */
export interface OpenLesson {
  readonly lesson: Lesson;
  readonly grammar: Grammar;
  readonly corpus: Corpus;
  readonly batches: BatchSource;
  /** What is trained. */
  readonly model: NeuralModel;
  /** The same architecture, to hold weights of other moments. */
  readonly viewer: NeuralModel;
  /** A short string over which attention is shown. */
  readonly example: string;
  /** What the page is told of it. */
  readonly opened: Opened;
}

/** Strings in a step, as in `milestone:lm`. */
export const BATCH = 64;

/** Draws the strings and the first weights. */
export function openLesson(lesson: Lesson): OpenLesson {
  const { grammar: family, n, train, seed, epochs, model: settings } = lesson;
  const grammar = createGrammar(family, n);
  const corpus = createGrammarCorpus(grammar, { train, valid: KEPT_ASIDE, seed });
  const { vocabulary } = corpus;
  const create = () => {
    const ingredients = { vocabulary, grammar, strings: () => corpus.train.encoded };
    const options = { ...sizesOf(settings), seed };
    const model = initialModel(nameOf(settings), { task: { ingredients }, options });
    if (isNeural(model)) return model;
    throw new RangeError(`Expected a model that learns by gradient descent, got ${model.name}`);
  };
  const model = create();
  return {
    ...{ lesson, grammar, corpus, model, viewer: create() },
    example: exampleOf(corpus.test.strings),
    batches: stringBatches({
      train: corpus.train.encoded,
      valid: corpus.valid.encoded,
      vocabulary,
    }),
    opened: {
      name: model.name,
      parameters: model.parameterCount,
      steps: epochs * Math.ceil(train / BATCH),
      floor: grammar.entropyFloor(),
      idealLoss: idealLosses(grammar),
      examples: corpus.train.strings.slice(0, 12),
    },
  };
}

function sizesOf({ scale, heads, layers }: Lesson["model"]) {
  return { scale, heads: Math.min(heads, 8 * scale), layers };
}

/** Of the ideal k-gram models, up to the order that is enough. */
export function idealLosses(grammar: Grammar): number[] {
  const last = grammar.minimalOrder() ?? LAST_IDEAL_ORDER;
  return Array.from({ length: last }, (_, i) => grammar.idealLoss(i + 1));
}

/** The first test string that fills a picture and is no strain for the eyes. */
function exampleOf(strings: readonly string[]): string {
  return strings.find(({ length }) => length >= 9 && length <= 14) ?? strings[0]!.slice(0, 14);
}
