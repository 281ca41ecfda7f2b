/** A worker of `deno task study`: one cell after the other. */
import { serveWork } from "../../workers.ts";
import { type Cell, type CellOptions, runCell } from "./cell.ts";

/** What it is given. */
export interface CellPiece {
  readonly options: CellOptions;
  readonly out: string;
  readonly restart: boolean;
}

serveWork<CellPiece, Cell>(({ options, ...where }, { stopRequested }) =>
  runCell(options, {
    ...where,
    watchInterrupts: () => ({ requested: stopRequested, [Symbol.dispose]: () => {} }),
  })
);
