/** `deno task study --lengths`: trained on beginnings, judged ten times as far. */
import { formatTable, UsageError, writeWhole } from "../../../command/mod.ts";
import { createGrammar } from "../../../grammar/mod.ts";
import { requireModel } from "../../models/registry.ts";
import { formatSummaries } from "../kept.ts";
import { plannedGrammars } from "../plan.ts";
import { runCells } from "../run_cells.ts";
import type { LengthsCell, LengthsOptions } from "./cell.ts";
import { buildLengthsPage } from "./page.ts";
import { type LengthsSummary, meanExcess, summariseLengths, timesAsMuch } from "./summary.ts";

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
  const cells = await runCells<LengthsOptions, LengthsCell>(plan, {
    ...{ name: "lengths", jobs, out, restart },
    module: new URL("./worker.ts", import.meta.url),
    onCells: (cells) => writeSummary(summariseLengths(cells), out),
  });
  console.log(`${formatLengths(summariseLengths(cells))}\n\n${out}/lengths.html shows it all.`);
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
