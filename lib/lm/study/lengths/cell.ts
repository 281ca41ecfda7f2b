/**
 * One run of a study of lengths: models that have learned from the beginnings of strings, judged at every
 * place of strings ten times as long.
 *
 * A beginning ends with nothing: what follows its last character is the next one, or the end where the
 * string ends there, as in the grammar. So what can be learned at any place is the rule itself, and
 * nothing says that there are no longer strings. (Were only short strings drawn, their last places would
 * teach that strings end there.)
 */
import { createGrammar } from "../../../grammar/mod.ts";
import { createRandom } from "../../../random.ts";
import { ready } from "../../../tensor/mod.ts";
import { besideUntrained } from "../../analysis/mod.ts";
import { stringBatches } from "../../data/batches.ts";
import { type Corpus, createGrammarCorpus } from "../../data/corpus.ts";
import { evaluateByPosition, type PositionOptions } from "../../judging/mod.ts";
import { isNeural, type LanguageModel, type NeuralModel } from "../../language_model.ts";
import { createModel } from "../../models/registry.ts";
import { train } from "../../training/train.ts";
import { keep, readKept } from "../kept.ts";

/** What a run is of. */
export interface LengthsOptions {
  readonly grammar: string;
  readonly n: number;
  readonly seed: number;
  readonly models: readonly string[];
  /** Training strings. */
  readonly train: number;
  readonly epochs: number;
  /** Widths of the neural models, times this. */
  readonly scale: number;
  /** Characters of a training string that are seen at most. */
  readonly longest: number;
  /** Long strings have so many times as many. */
  readonly times: number;
  /** Long strings that are drawn where not all can be looked at. */
  readonly strings: number;
}

/** What became of one model, place by place. */
export interface LengthsModel {
  readonly name: string;
  readonly parameters: number;
  /** Mean KL(P ‖ Q) in nats, at 0, 1, … characters. */
  readonly excess: readonly number[];
  /** Standard error of these means; 0 where nothing was drawn. */
  readonly error: readonly number[];
  /** The mean share that goes to what must not follow. */
  readonly wrong: readonly number[];
  /** Places before this one are exact. */
  readonly exact: number;
  /** The mean excess over all places before training, and with the weights shuffled. */
  readonly baselines: { readonly untrained: number; readonly shuffled: number } | null;
}

/** What a run found out. */
export interface LengthsCell {
  readonly options: LengthsOptions;
  readonly models: readonly LengthsModel[];
}

/** Passes without a better loss on validation strings after which a training ends. */
const PATIENCE = 4;

/** The run of these options, read from its folder when it was done before. */
export async function runLengthsCell(
  options: LengthsOptions,
  { out, restart = false, stopRequested }: {
    out: string;
    restart?: boolean;
    stopRequested?: (() => Promise<boolean>) | undefined;
  },
): Promise<LengthsCell> {
  const { grammar: family, n, seed } = options;
  const path = `${out}/${family}-${n}-${seed}/lengths.json`;
  const known = restart ? undefined : await readKept<LengthsCell>(path);
  if (known && JSON.stringify(known.options) === JSON.stringify(options)) return known;
  await ready();
  const models: LengthsModel[] = [];
  for (const name of options.models) {
    models.push(await learnAndJudge(name, { options, stopRequested }));
  }
  const cell = { options, models };
  await keep(path, cell);
  return cell;
}

async function learnAndJudge(
  name: string,
  { options, stopRequested }: {
    options: LengthsOptions;
    stopRequested: (() => Promise<boolean>) | undefined;
  },
): Promise<LengthsModel> {
  const { seed, longest, times, strings, epochs } = options;
  const grammar = createGrammar(options.grammar, options.n);
  const corpus = createGrammarCorpus(grammar, { train: options.train, valid: 1000, seed });
  const initial = () => initialModel(name, { options, corpus });
  const judging: PositionOptions = { grammar, length: longest * times, strings, seed };
  const model = initial();
  try {
    if (isNeural(model)) {
      const { vocabulary, train: learned, valid } = corpus;
      const batches = stringBatches({
        ...{ train: learned.encoded, valid: valid.encoded, vocabulary },
        longest: longest + 1, // what follows the last character seen is the last place
      });
      await train(model, { batches, seed, epochs, patience: PATIENCE, stopRequested });
    }
    const { excess, wrong, exact } = await evaluateByPosition(model, judging);
    return {
      name,
      parameters: model.parameterCount,
      excess: [...excess.mean],
      error: [...excess.error],
      wrong: [...wrong.mean],
      exact,
      baselines: isNeural(model) ? await baselinesOf(model, { initial, judging }) : null,
    };
  } finally {
    model.dispose();
  }
}

/** The model before training; a Transformer can see the longest string to be judged. */
function initialModel(
  name: string,
  { options: { seed, longest, times, scale }, corpus }: { options: LengthsOptions; corpus: Corpus },
): LanguageModel {
  const { vocabulary, train } = corpus;
  return createModel(name, {
    vocabulary,
    sizes: { scale },
    contextLength: longest * times + 1,
    strings: () => train.encoded,
    rng: createRandom(seed, "weights", name),
  });
}

/** The mean excess over all places without what was learned. */
async function baselinesOf(
  model: NeuralModel,
  { initial, judging }: { initial: () => LanguageModel; judging: PositionOptions },
): Promise<{ untrained: number; shuffled: number }> {
  const mean = async (one: NeuralModel) => {
    const { excess } = await evaluateByPosition(one, { ...judging, strings: 50 });
    return excess.mean.reduce((sum, value) => sum + value, 0) / excess.mean.length;
  };
  const { untrained, shuffled } = await besideUntrained(model, {
    untrained: () => initial() as NeuralModel,
    analyse: mean,
  });
  return { untrained, shuffled };
}
