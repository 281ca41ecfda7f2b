/** The whole way from a text file to a table of models: the command and the tests call it alike. */
import { orUsageError } from "../../command/mod.ts";
import { ready } from "../../tensor/mod.ts";
import type { LearningHooks } from "../run/learn.ts";
import type { LanguageModel } from "../model.ts";
import type { Sample } from "../sampling/sample.ts";
import { openContinuous } from "../data/continuous.ts";
import type { TextData } from "../data/text.ts";
import { judgeText } from "./judge.ts";
import { learnText, type TextLearned } from "./learn.ts";
import { openLines } from "../data/lines.ts";
import { checkTextOptions, type TextOptions } from "./options.ts";
import type { TextModelReport, TextReport } from "./report.ts";

/** A model with what it went through and wrote, and what that is worth. */
export interface JudgedTextModel extends Pick<TextLearned, "model" | "history" | "live"> {
  /** What it wrote in the end. */
  readonly samples: readonly Sample[];
  /** What that is worth. */
  readonly report: TextModelReport;
}

/** Who is told what a run is doing. */
export interface TextHooks extends LearningHooks {
  /** Is given each model when it is trained and judged. */
  onModel?: (judged: { readonly model: LanguageModel }) => Promise<void>;
}

/** What a run leaves behind. */
export interface TextMilestone {
  /** What `report.json` holds. */
  readonly report: TextReport;
  /** Each model, judged. */
  readonly models: readonly JudgedTextModel[];
  /** Frees all models. */
  dispose(): void;
}

/** Reads the file of a run, as lines or as one text. */
export function openText(options: TextOptions): Promise<TextData> {
  const { context } = options;
  return context === undefined ? openLines(options) : openContinuous({ ...options, context });
}

/**
 * Trains the models on a text that was opened, lets them write and says what that is worth.
 *
 * @throws UsageError on settings that cannot work, before anything is done
 */
export async function runTextMilestone(
  data: TextData,
  { options, hooks = {} }: { options: TextOptions; hooks?: TextHooks },
): Promise<TextMilestone> {
  const names = checkTextOptions(options);
  const { generate: count, seed, backend } = options;
  const running = await orUsageError(
    ready(backend),
    `Expected a backend that works here, got ${backend}`,
  );
  const models: JudgedTextModel[] = [];
  const dispose = () => models.forEach(({ model }) => model.dispose());
  try {
    for (const name of names) {
      const learned = await learnText(name, { data, options, hooks });
      const { model, history, live } = learned;
      const judged = await judgeText(learned, { data, count, seed });
      models.push({ model, history, live, ...judged });
      await hooks.onModel?.({ model });
    }
  } catch (error) {
    dispose();
    throw error;
  }
  const { description: text } = data;
  const { train, valid, tokens } = text;
  const report: TextReport = {
    seed,
    backend: running,
    grammar: null,
    text,
    corpus: { train, valid, tokens },
    models: models.map(({ report }) => report),
  };
  return { report, models, dispose };
}
