/** One run of a study: all models on one grammar with one seed, kept in a file when it is done. */
import { openRunFolder, prepareRunFolder } from "../checkpoint/mod.ts";
import { decidingOptions, milestoneDefaults } from "../run/options.ts";
import type { LearningHooks } from "../run/learn.ts";
import { type GrammarMilestone, runMilestone } from "../run/milestone.ts";
import { keep, readKept } from "./kept.ts";

/** What a run is of. */
export interface CellOptions {
  readonly grammar: string;
  readonly n: number;
  readonly seed: number;
  /** Training strings. */
  readonly train: number;
  /** The most passes through them. */
  readonly epochs: number;
  /** Training ends after so many of them without a better validation loss; never, unless said. */
  readonly patience?: number | undefined;
  /** Widths of the neural models, times this. */
  readonly scale: number;
  /** About how many weights each of them has; then it is not the scale that counts. */
  readonly weights?: number | undefined;
  /** Most characters that the Transformer sees at once; its own default where not given. */
  readonly context?: number | undefined;
  /** Names, or `all`. */
  readonly models: readonly string[];
}

/** What a run found out. */
export interface Cell {
  readonly options: CellOptions;
  readonly report: GrammarMilestone["report"];
  /** Validation loss after each epoch, and the step it ended at, of each model that was trained. */
  readonly curves: Readonly<Record<string, readonly CurvePoint[]>>;
}

/** A point of a learning curve. */
export interface CurvePoint {
  readonly step: number;
  readonly validLoss: number;
}

/**
 * The run of these options: read from the study's folder when it was done before, else gone on with
 * from wherever it was, or begun.
 */
export async function runCell(
  options: CellOptions,
  { out, restart = false, ...shown }:
    & { out: string; restart?: boolean }
    & Pick<LearningHooks, "startProgress" | "watchInterrupts">,
): Promise<Cell> {
  const folder = `${out}/${options.grammar}-${options.n}-${options.seed}`;
  const path = `${folder}/cell.json`;
  const known = restart ? undefined : await readKept<Cell>(path);
  if (known && JSON.stringify(known.options) === JSON.stringify(options)) return known;
  const run = { ...milestoneDefaults, ...options };
  await prepareRunFolder(folder, { resume: !restart });
  const hooks = openRunFolder(folder, {
    run: decidingOptions(run),
    resume: !restart,
    otherwise: "--restart begins anew",
  });
  const milestone = await runMilestone(run, { ...hooks, ...shown });
  const curves = milestone.models.flatMap(({ model, history }) =>
    history ? [[model.name, curveOf(history.epochs, stepsOf(history.steps))] as const] : []
  );
  const cell: Cell = { options, report: milestone.report, curves: Object.fromEntries(curves) };
  milestone.dispose();
  await keep(path, cell);
  return cell;
}

function stepsOf(steps: readonly { step: number }[]): number {
  return steps.at(-1)?.step ?? 0;
}

function curveOf(
  epochs: readonly { epoch: number; validLoss: number }[],
  steps: number,
): CurvePoint[] {
  return epochs.map(({ epoch, validLoss }) => ({
    step: Math.round(steps * epoch / epochs.length),
    validLoss,
  }));
}
