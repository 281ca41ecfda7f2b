/**
 * The whole way from a grammar to a judged table of models, as one function: the command, the
 * notebook and the tests call it alike.
 */
import { orUsageError } from "../../command/mod.ts";
import { createGrammar, type Grammar } from "../../grammar/mod.ts";
import { jupyterDisplay } from "../../plot/mod.ts";
import { ready } from "../../tensor/mod.ts";
import { type AskedModel, judgeSource } from "./asked.ts";
import { type Corpus, createGrammarCorpus } from "../data/corpus.ts";
import { displayReport } from "../models/display.ts";
import { createJudge, type JudgedModel } from "./judge_model.ts";
import { learn, type LearningHooks } from "./learn.ts";
import { checkMilestone, milestoneDefaults, type MilestoneOptions } from "./options.ts";
import { type Report, reportGrammar } from "./report.ts";

/** Who is told what a run is doing. */
export interface MilestoneHooks extends LearningHooks {
  /** Is given each model when it is trained and judged. */
  onModel?: (judged: JudgedModel) => Promise<void>;
}

/** What a run leaves behind. */
export interface Milestone {
  /** What `report.json` holds. */
  readonly report: Report;
  /** The language, and judge of its strings. */
  readonly grammar: Grammar;
  /** What was learned from. */
  readonly corpus: Corpus;
  /** The models, trained and judged. */
  readonly models: readonly JudgedModel[];
  /** Strings from elsewhere, judged alike. */
  readonly asked: readonly AskedModel[];
  /** Frees all models. */
  dispose(): void;
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
  const backend = await orUsageError(
    ready(options.backend),
    `Expected a backend that works here, got ${options.backend}`,
  );
  const grammar = createGrammar(options.grammar, options.n);
  const corpus = createGrammarCorpus(grammar, options);
  const grammarReport = reportGrammar(grammar);
  const judge = createJudge({
    ...{ grammar, corpus, options },
    idealLosses: grammarReport.idealLoss,
  });
  const models: JudgedModel[] = [];
  const asked: AskedModel[] = [];
  const dispose = () => models.forEach(({ model }) => model.dispose());
  try {
    for (const name of names) {
      const learned = await learn(name, { grammar, corpus, options, hooks });
      const judged = await judge(learned);
      models.push(judged);
      await hooks.onModel?.(judged);
    }
    for (const source of options.sources) {
      const { startProgress } = hooks;
      const { generate, seed, requests, answers: cache } = options;
      const asking = { grammar, corpus, generate, seed, requests, cache, startProgress };
      asked.push(await judgeSource(source, asking));
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
    models: [...models, ...asked].map(({ report }) => report),
  };
  const milestone: Milestone = { report, grammar, corpus, models, asked, dispose };
  return { ...milestone, ...{ [jupyterDisplay]: () => displayReport(report) } };
}
