/**
 * The whole way from a grammar to a judged table of models, as one function: the command, the
 * notebook and the tests call it alike.
 */
import { type Progress, silentProgress, UsageError } from "../command/mod.ts";
import { createGrammar, type Grammar } from "../grammar/mod.ts";
import { type BackendName, ready } from "../tensor/mod.ts";
import { type Corpus, createGrammarCorpus } from "./corpus.ts";
import { evaluateAgainstGrammar, evaluateLoss } from "./evaluate.ts";
import { judgeSamples, measuredOrder } from "./judge.ts";
import type { LanguageModel } from "./model.ts";
import { createModel, isNeural, requireModel, usualModels } from "./models.ts";
import { finiteOrNull, type ModelReport, type Report, reportGrammar } from "./report.ts";
import { type Sample, sample } from "./sample.ts";
import { train } from "./train.ts";
import type { TrainingHistory, TrainingState } from "./training_state.ts";

/** A run's settings, named as on the command line. */
export interface MilestoneOptions {
  grammar: string;
  n: number;
  /** Names, or `all` for the usual ones. */
  models: readonly string[];
  train: number;
  valid: number;
  generate: number;
  epochs: number;
  batch: number;
  learningRate: number;
  seed: number;
  scale: number;
  backend: BackendName;
}

/** The settings of a run without flags, a minute on two cores at most. */
export const milestoneDefaults: MilestoneOptions = {
  grammar: "sticky",
  n: 3,
  models: ["all"],
  train: 10_000,
  valid: 1_000,
  generate: 1_000,
  epochs: 20,
  batch: 64,
  learningRate: 0.01,
  seed: 0,
  scale: 1,
  backend: "auto",
};

/** Who is told what a run is doing. */
export interface MilestoneHooks {
  /** Shows the training of a model of so many steps. */
  startProgress?: (name: string, steps: number) => Progress;
  /** The state from which to go on training a model, if there is one. */
  resume?: (model: LanguageModel) => Promise<TrainingState | undefined>;
  /** Stores a state, after each epoch. */
  onCheckpoint?: (model: LanguageModel, state: TrainingState) => Promise<void>;
  /** Is given each model when it is trained and judged. */
  onModel?: (trained: TrainedModel) => Promise<void>;
}

/** A model with what it went through and wrote. */
export interface TrainedModel {
  readonly model: LanguageModel;
  /** Null for models that do not learn by gradient descent. */
  readonly history: TrainingHistory | null;
  readonly samples: readonly Sample[];
  readonly report: ModelReport;
}

/** What a run leaves behind. */
export interface Milestone {
  readonly report: Report;
  readonly grammar: Grammar;
  readonly corpus: Corpus;
  readonly models: readonly TrainedModel[];
  /** Frees all models. */
  dispose(): void;
}

/** Refuses settings that cannot work, before anything is done. Returns the models' names. */
export function checkMilestone({ grammar, n, models }: MilestoneOptions): string[] {
  try {
    createGrammar(grammar, n);
    const names = models.flatMap((name) => name === "all" ? usualModels(n) : [name]);
    if (names.length === 0) throw new RangeError("Expected at least one model, got none");
    names.forEach(requireModel);
    return [...new Set(names)];
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(error.message) : error;
  }
}

/**
 * Draws a corpus from a grammar, trains the models on it, lets them write and judges what they wrote.
 *
 * @throws UsageError on settings that cannot work, before anything is done
 */
export async function runMilestone(
  settings: Partial<MilestoneOptions> = {},
  hooks: MilestoneHooks = {},
): Promise<Milestone> {
  const options = { ...milestoneDefaults, ...settings };
  const names = checkMilestone(options);
  const backend = await readyBackend(options.backend);
  const grammar = createGrammar(options.grammar, options.n);
  const corpus = createGrammarCorpus(grammar, options);
  const grammarReport = reportGrammar(grammar);
  const judge = createJudge({ grammar, corpus, options, idealLosses: grammarReport.idealLoss });
  const models: TrainedModel[] = [];
  const dispose = () => models.forEach(({ model }) => model.dispose());
  try {
    for (const name of names) {
      const learned = await learn(name, { grammar, corpus, options, hooks });
      const trained = await judge(learned);
      models.push(trained);
      await hooks.onModel?.(trained);
    }
  } catch (error) {
    dispose();
    throw error;
  }
  const report: Report = {
    seed: options.seed,
    backend,
    grammar: grammarReport,
    corpus: { train: options.train, valid: options.valid, tokens: corpus.train.tokens },
    models: models.map(({ report }) => report),
  };
  return { report, grammar, corpus, models, dispose };
}

async function readyBackend(backend: BackendName): Promise<string> {
  try {
    return await ready(backend);
  } catch (error) {
    const why = (error as Error).message;
    throw new UsageError(`Expected a backend that works here, got ${backend} (${why})`);
  }
}

/** What the steps of a run share. */
interface Setting {
  grammar: Grammar;
  corpus: Corpus;
  options: MilestoneOptions;
}

/** A model that has learned, and how fast. */
interface Learned extends Pick<TrainedModel, "model" | "history"> {
  seconds: number;
  tokens: number;
}

async function learn(
  name: string,
  { grammar, corpus, options, hooks }: Setting & { hooks: MilestoneHooks },
): Promise<Learned> {
  const start = performance.now();
  const { seed, scale, epochs, batch } = options;
  const model = createModel(name, { corpus, grammar, seed, scale });
  const secondsSince = () => (performance.now() - start) / 1000;
  if (!isNeural(model)) {
    const tokens = model.parameterCount > 0 ? corpus.train.tokens : 0;
    return { model, history: null, seconds: secondsSince(), tokens };
  }
  const shown = hooks.startProgress ?? (() => silentProgress);
  let progress: Progress | undefined;
  const history = await train(model, {
    train: corpus.train.encoded,
    valid: corpus.valid.encoded,
    ...{ seed, epochs, batchSize: batch, learningRate: options.learningRate },
    resume: await hooks.resume?.(model),
    onCheckpoint: hooks.onCheckpoint && ((state) => hooks.onCheckpoint!(model, state)),
    onProgress: ({ step, steps, loss }) => {
      progress ??= shown(name, steps);
      progress.update(step, `loss ${loss.toFixed(3)}`);
    },
  });
  progress?.stop(`loss ${history.epochs.at(-1)!.validLoss.toFixed(3)}`);
  return { model, history, seconds: secondsSince(), tokens: epochs * corpus.train.tokens };
}

/** Lets a model predict and write, and says what that is worth. */
function createJudge(
  { grammar, corpus, options, idealLosses }: Setting & { idealLosses: readonly number[] },
): (learned: Learned) => Promise<TrainedModel> {
  const known = new Set(corpus.train.strings);
  const { valid, train } = corpus;
  return async ({ model, history, seconds, tokens }) => {
    const losses = await evaluateAgainstGrammar(model, { grammar, strings: valid.encoded });
    const trainLoss = await evaluateLoss(model, train.encoded.slice(0, options.valid));
    const start = performance.now();
    const samples = await sample(model, { count: options.generate, seed: options.seed });
    const generateSeconds = (performance.now() - start) / 1000;
    const written = samples.reduce((sum, { text, finished }) => sum + text.length + +finished, 0);
    const { generated, failures } = judgeSamples(samples, { grammar, known });
    const report: ModelReport = {
      name: model.name,
      parameters: model.parameterCount,
      contextLength: finiteOrNull(model.contextLength),
      trainLoss: finiteOrNull(trainLoss),
      validLoss: finiteOrNull(losses.loss),
      excessLoss: finiteOrNull(losses.excessLoss),
      measuredOrder: measuredOrder({
        loss: grammar.entropyFloor() + losses.excessLoss,
        error: losses.excessError,
        idealLosses,
      }),
      generated,
      trainSeconds: tokens > 0 ? seconds : 0,
      trainTokensPerSecond: tokens > 0 ? tokens / seconds : null,
      generateTokensPerSecond: written / generateSeconds,
      failures,
    };
    return { model, history, samples, report };
  };
}
