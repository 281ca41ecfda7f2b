/**
 * The whole way from a grammar or a text to a judged table of models: the command, the notebook, the
 * study and the tests call it alike.
 */
import { orUsageError } from "../../errors.ts";
import { ready } from "../../tensor/mod.ts";
import {
  type AskingHooks,
  type AskingOptions,
  type ExternalResult,
  judgeExternal,
  referencesFor,
} from "./external.ts";
import type { InContextCurve } from "../judging/in_context.ts";
import { type GrammarTask, openGrammarTask } from "./grammar_task.ts";
import {
  type EvaluatedModel,
  evaluateModel,
  type JudgedModel,
  judgeModels,
} from "./judge_model.ts";
import { learn, type LearningHooks } from "./learn.ts";
import {
  checkOptions,
  type GrammarRunOptions,
  milestoneDefaults,
  type TextRunOptions,
} from "./options.ts";
import { requireMemory } from "./memory.ts";
import { type ModelReport, type Report, reportTable, reportTitle, type Table } from "./report.ts";
import type { Task } from "./task.ts";
import type { TextTask } from "./text_task.ts";

/** Who is told what a run is doing. */
export interface MilestoneHooks extends LearningHooks {
  /** Is given each model when it is trained. */
  onModel?: (evaluated: EvaluatedModel) => Promise<void>;
  /** Trains all models elsewhere, such as on several workers, instead of one by one here. */
  learnAll?: (names: readonly string[]) => Promise<readonly LearnedOrFailed[]>;
}

/** A model with what became of it; without a model where that failed. */
export type LearnedOrFailed =
  | EvaluatedModel
  | { readonly model: null; readonly report: ModelReport };

/** Who is told what asking large language models brings. */
export interface ExternalHooks extends AskingHooks {
  /**
   * Is given the milestone as far as it has come: before anything is asked, and whenever a source has
   * told more. `done` says that it is done with a source.
   */
  onExternal?: (milestone: GrammarMilestone, progress: { done: boolean }) => Promise<void>;
}

/** What a run leaves behind. */
export interface Milestone<T extends Task = Task> {
  /** What `report.json` holds. */
  readonly report: Report & T["description"];
  /** What was learned from, and what judged. */
  readonly task: T;
  /** The models, trained and judged. */
  readonly models: readonly JudgedModel[];
  /** Strings from elsewhere, judged alike. */
  readonly external: readonly ExternalResult[];
  /** The table of the terminal; `show` of `lib/plot` lays it out in a notebook. */
  toTable(): Table & { title: string };
  /** Frees all models, and closes files. */
  dispose(): void;
}

/** A run on a grammar. */
export type GrammarMilestone = Milestone<GrammarTask>;

/** A run on a text. */
export type TextMilestone = Milestone<TextTask>;

/** Whether a run was on a grammar. */
export function isGrammarMilestone(
  milestone: GrammarMilestone | TextMilestone,
): milestone is GrammarMilestone {
  return milestone.task.kind === "grammar";
}

/**
 * Draws strings from a grammar, trains the models on them, lets them write and judges what they wrote;
 * then asks the large language models that are named, and judges them alike.
 *
 * @throws UsageError on settings that cannot work, before anything is done
 */
export async function runMilestone(
  settings: Partial<GrammarRunOptions> = {},
  hooks: MilestoneHooks & ExternalHooks = {},
): Promise<GrammarMilestone> {
  const options = { ...milestoneDefaults, ...settings };
  checkOptions(options);
  const milestone = await runTask(openGrammarTask(options), { options, hooks });
  return await addExternal(milestone, { options, hooks });
}

/**
 * Trains the models on a task, lets them write and judges what they wrote.
 *
 * @throws UsageError on settings that cannot work, before anything is done
 */
export async function runTask<T extends Task>(
  task: T,
  { options, hooks = {} }: {
    options: GrammarRunOptions | TextRunOptions;
    hooks?: MilestoneHooks;
  },
): Promise<Milestone<T>> {
  const names = checkOptions(options);
  const backend = await orUsageError(
    ready({ backend: options.backend, threads: options.threads }),
    `Expected a backend that works here, got ${options.backend}`,
  );
  const learned: LearnedOrFailed[] = [];
  const dispose = () => {
    learned.forEach(({ model }) => model?.dispose());
    task.dispose();
  };
  try {
    requireMemory(names, { task, options });
    if (hooks.learnAll) (await hooks.learnAll(names)).forEach((one) => learned.push(one));
    else {
      for (const name of names) {
        const trained = await learn(name, { task, options, hooks });
        const one = await evaluateModel(trained, { task, options });
        learned.push(one);
        await hooks.onModel?.(one);
      }
    }
    const models = await judgeModels(learned.filter((one) => one.model !== null), task);
    const judged = models.values();
    const rows = learned.map((one) => one.model ? judged.next().value!.report : one.report);
    const report = { seed: options.seed, backend, ...task.description, models: rows };
    return { report, task, models, external: [], toTable: () => tableOf(report), dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

/** The same milestone with what each source wrote, one after the other, judged beside the models. */
export async function addExternal(
  milestone: GrammarMilestone,
  { options, hooks = {} }: { options: AskingOptions; hooks?: ExternalHooks },
): Promise<GrammarMilestone> {
  if (options.sources.length === 0) return milestone;
  const { task } = milestone;
  const external: ExternalResult[] = [];
  try {
    await hooks.onExternal?.(milestone, { done: true });
    for (const source of options.sources) {
      const onPart = async (part: ExternalResult) =>
        await hooks.onExternal?.(withExternal(milestone, [...external, part]), { done: false });
      external.push(await judgeExternal(source, { task, options, hooks, onPart }));
      await hooks.onExternal?.(withExternal(milestone, external), { done: true });
    }
    const scored = external.some(({ report: { asked } }) => asked && asked.curve.length > 0);
    const inContext = scored ? await referencesFor(task, options) : undefined;
    return withExternal(milestone, external, inContext);
  } catch (error) {
    milestone.dispose();
    throw error;
  }
}

function withExternal(
  milestone: GrammarMilestone,
  external: readonly ExternalResult[],
  inContext?: readonly InContextCurve[],
): GrammarMilestone {
  const models = [...milestone.report.models, ...external.map(({ report }) => report)];
  const report = { ...milestone.report, models, ...inContext ? { inContext } : {} };
  return { ...milestone, external: [...external], report, toTable: () => tableOf(report) };
}

function tableOf(report: Report): Table & { title: string } {
  return { title: reportTitle(report), ...reportTable(report) };
}
