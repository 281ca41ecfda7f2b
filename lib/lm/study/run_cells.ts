/** The runs of a study on several workers: one cell for each grammar, N and seed. */
import { ownFolder, startProgress, UsageError, watchInterrupts } from "../../command/mod.ts";
import { onWorkers } from "../../workers.ts";

/** What tells a run from the others of its study. */
export interface CellName {
  readonly grammar: string;
  readonly n: number;
  readonly seed: number;
}

/** What a worker is given. */
export interface CellPiece<Options> {
  readonly options: Options;
  readonly out: string;
  readonly restart: boolean;
}

/**
 * Runs them all, whatever fails, and shows how far it is; resolves to what came of those that ended, in
 * the order of the plan.
 *
 * @param options `name` of the progress bar, `module` of the workers, `onCells` is given all that ended
 * each time one does
 * @throws UsageError when none ends
 */
export async function runCells<
  Options extends CellName,
  Cell extends { readonly options: Options },
>(
  plan: readonly Options[],
  { name, module, jobs, out, restart, onCells }: {
    name: string;
    module: URL;
    jobs: number;
    out: string;
    restart: boolean;
    onCells: (cells: readonly Cell[]) => Promise<void>;
  },
): Promise<Cell[]> {
  using _folder = await ownFolder(out);
  const cells: Cell[] = [];
  const finished = () => Object.values(cells); // without the holes of those under way, in order
  const progress = startProgress(name, plan.length);
  using interrupts = watchInterrupts();
  const outcomes = await onWorkers<CellPiece<Options>, Cell>(
    plan.map((options) => ({ options, out, restart })),
    {
      module,
      jobs,
      stopRequested: interrupts.requested,
      onResult: async (cell, index) => {
        cells[index] = cell;
        const known = finished();
        progress.update(known.length, labelOf(cell.options));
        await onCells(known);
      },
    },
  );
  const done = finished();
  progress.stop(`${done.length} of ${plan.length} runs`);
  outcomes.forEach((outcome, i) => {
    if ("problem" in outcome) console.error(`${labelOf(plan[i]!)}: ${outcome.problem}`);
  });
  if (done.length === 0) throw new UsageError("Expected at least one run to end, got none");
  return done;
}

function labelOf({ grammar, n, seed }: CellName): string {
  return `${grammar} ${n}, seed ${seed}`;
}
