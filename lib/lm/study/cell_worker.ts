/** A worker of `deno task study`: one cell after the other. */
import { serveWork } from "../../workers.ts";
import { type Cell, type CellOptions, runCell } from "./cell.ts";
import type { CellPiece } from "./run_cells.ts";

serveWork<CellPiece<CellOptions>, Cell>(({ options, ...where }, { stopRequested }) =>
  runCell(options, {
    ...where,
    watchInterrupts: () => ({ requested: stopRequested, [Symbol.dispose]: () => {} }),
  })
);
