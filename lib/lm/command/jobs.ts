/** The models of a run on several workers. */
import { type Progress, startProgressBars, watchInterrupts } from "../../command/mod.ts";
import { type CarriedItem, type PageItem, unpackItem } from "../../plot/mod.ts";
import { onWorkers } from "../../workers.ts";
import { loadModel } from "../checkpoint/mod.ts";
import type { LanguageModel } from "../language_model.ts";
import type { EvaluatedModel } from "../run/judge_model.ts";
import { initialModel } from "../run/learn.ts";
import type { LearnedOrFailed } from "../run/milestone.ts";
import { failedReport } from "../run/report.ts";
import type { Task } from "../run/task.ts";
import type { CommandLine } from "./flags.ts";

/** What a worker is given. */
export interface ModelPiece {
  readonly name: string;
  readonly line: CommandLine;
}

/** What it answers; the model itself is in the run's folder. */
export interface ModelResult extends Pick<EvaluatedModel, "history" | "samples" | "report"> {
  readonly kind: LanguageModel["kind"];
  /** What is to be seen inside it, drawn. */
  readonly inside: readonly CarriedItem[];
}

/** What it says on the way. */
export type ModelNews =
  & { readonly name: string }
  & (
    | { readonly kind: "start"; readonly total: number }
    | { readonly kind: "update"; readonly done: number; readonly note: string | undefined }
    | {
      readonly kind: "stop";
      readonly note: string | undefined;
      readonly finished: boolean | undefined;
    }
  );

/**
 * Trains all models on `jobs` workers, the most laborious first; resolves to them in the
 * order of their names.
 */
export async function learnOnWorkers(
  names: readonly string[],
  { task, line, jobs, drawings }: {
    task: Task;
    line: CommandLine;
    jobs: number;
    /** Is filled with what was drawn of the inside of each. */
    drawings: Map<string, readonly PageItem[]>;
  },
): Promise<LearnedOrFailed[]> {
  const hardestFirst = [...names].reverse(); // names go from the simple to the complex
  const bars = new Map<string, Progress>();
  using screen = startProgressBars();
  using interrupts = watchInterrupts();
  const outcomes = await onWorkers<ModelPiece, ModelResult, ModelNews>(
    hardestFirst.map((name) => ({ name, line })),
    {
      module: new URL("./model_worker.ts", import.meta.url),
      jobs,
      stopRequested: interrupts.requested,
      onNews: (news) => {
        if (news.kind === "start") bars.set(news.name, screen.start(news.name, news.total));
        else if (news.kind === "update") bars.get(news.name)?.update(news.done, news.note);
        else bars.get(news.name)?.stop(news.note, news.finished);
      },
    },
  );
  return outcomes.reverse().map((outcome, i) => {
    const name = names[i]!;
    if (!("result" in outcome)) return { model: null, report: failedReport(name, outcome.problem) };
    const { kind, inside, ...evaluated } = outcome.result;
    drawings.set(name, inside.map(unpackItem));
    const initial = () => initialModel(name, { task, options: line.options });
    const model = kind === "given" ? initial() : loadModel(`${line.out}/models/${name}`);
    return { model, initial, ...evaluated };
  });
}
