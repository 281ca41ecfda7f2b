/** `deno task study --lengths`: trained on beginnings, judged ten times as far. */
import {
  formatTable,
  ownFolder,
  startProgress,
  UsageError,
  watchInterrupts,
  writeWhole,
} from "../../../command/mod.ts";
import { createGrammar } from "../../../grammar/mod.ts";
import { onWorkers } from "../../../workers.ts";
import { requireModel } from "../../models/registry.ts";
import { formatSummaries } from "../kept.ts";
import { plannedGrammars } from "../plan.ts";
import type { LengthsCell, LengthsOptions } from "./cell.ts";
import { buildLengthsPage } from "./page.ts";
import { type LengthsSummary, meanExcess, summariseLengths, timesAsMuch } from "./summary.ts";
import type { LengthsPiece } from "./worker.ts";

/** What a study of lengths is told. */
export interface LengthsFlags extends Omit<LengthsOptions, "grammar" | "n" | "seed"> {
  readonly grammars: readonly string[];
  readonly n: readonly number[];
  /** How often. */
  readonly seeds: number;
  readonly jobs: number;
  readonly out: string;
  readonly restart: boolean;
}

/**
 * Trains, judges and draws; what is done is kept.
 *
 * @throws UsageError on settings that cannot work, before anything is done
 */
export async function studyLengths(flags: LengthsFlags): Promise<void> {
  const { out, restart, jobs } = flags;
  const plan = planOf(flags);
  using _folder = await ownFolder(out);
  const cells: LengthsCell[] = [];
  const finished = () => Object.values(cells); // without the holes of those under way, in order
  const progress = startProgress("lengths", plan.length);
  using interrupts = watchInterrupts();
  const outcomes = await onWorkers<LengthsPiece, LengthsCell>(
    plan.map((options) => ({ options, out, restart })),
    {
      module: new URL("./worker.ts", import.meta.url),
      jobs,
      stopRequested: interrupts.requested,
      onResult: async (cell, index) => {
        cells[index] = cell;
        progress.update(finished().length, labelOf(cell.options));
        await writeSummary(summariseLengths(finished()), out);
      },
    },
  );
  progress.stop(`${finished().length} of ${plan.length} runs`);
  outcomes.forEach((outcome, i) => {
    if ("problem" in outcome) console.error(`${labelOf(plan[i]!)}: ${outcome.problem}`);
  });
  if (finished().length === 0) throw new UsageError("Expected at least one run to end, got none");
  console.log(
    `${formatLengths(summariseLengths(finished()))}\n\n${out}/lengths.html shows it all.`,
  );
}

function labelOf({ grammar, n, seed }: LengthsOptions): string {
  return `${grammar} ${n}, seed ${seed}`;
}

/** What is compared where nothing is said. */
function usualModels(n: number): string[] {
  const learned = ["rnn", "gru", "transformer", "transformer-nope"];
  return ["random", "count-1", ...n > 1 ? [`mlp-${n - 1}`] : [], ...learned];
}

/** All runs, refused as a whole when one of them cannot work. */
function planOf({ grammars, n, seeds, models, ...flags }: LengthsFlags): LengthsOptions[] {
  const { train, epochs, scale, longest, times, strings } = flags;
  return plannedGrammars(grammars, n).flatMap((one) => {
    const names = [
      ...new Set(models.flatMap((name) => name === "all" ? usualModels(one.n) : [name])),
    ];
    check(one, names);
    const common = { models: names, train, epochs, scale, longest, times, strings };
    return Array.from(
      { length: seeds },
      (_, seed): LengthsOptions => ({ ...one, seed, ...common }),
    );
  });
}

function check({ grammar, n }: { grammar: string; n: number }, models: readonly string[]): void {
  try {
    if (createGrammar(grammar, n).automaton.unbounded) {
      throw new RangeError(`Expected a grammar with a bound on its memory, got ${grammar}`);
    }
    models.forEach((name) => requireModel(name, { onText: false }));
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(error.message) : error;
  }
}

async function writeSummary(summary: readonly LengthsSummary[], out: string): Promise<void> {
  await writeWhole(`${out}/lengths.json`, formatSummaries(summary, 3));
  await writeWhole(`${out}/lengths.html`, buildLengthsPage(summary));
}

function formatLengths(grammars: readonly LengthsSummary[]): string {
  const rows = grammars.flatMap(({ family, n, longest, models }) =>
    models.map((model) => {
      const near = meanExcess(model, [0, longest + 1]);
      const far = meanExcess(model, [2 * longest + 1, model.excess.mean.length]);
      const numbers = [near.toFixed(4), far.toFixed(4), timesAsMuch(far, near)];
      return [`${family} ${n}`, model.role, ...numbers];
    })
  );
  return formatTable(["grammar", "model", "excess seen", "beyond twice", "times"], rows);
}
