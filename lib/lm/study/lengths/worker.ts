/** A worker of `deno task study --lengths`: one cell after the other. */
import { serveWork } from "../../../workers.ts";
import { type LengthsCell, type LengthsOptions, runLengthsCell } from "./cell.ts";
import type { CellPiece } from "../run_cells.ts";

serveWork<CellPiece<LengthsOptions>, LengthsCell>(({ options, ...where }, { stopRequested }) =>
  runLengthsCell(options, { ...where, stopRequested })
);
