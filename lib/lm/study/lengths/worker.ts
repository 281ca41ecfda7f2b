/** A worker of `deno task study --lengths`: one cell after the other. */
import { serveWork } from "../../../workers.ts";
import { type LengthsCell, type LengthsOptions, runLengthsCell } from "./cell.ts";

/** What it is given. */
export interface LengthsPiece {
  readonly options: LengthsOptions;
  readonly out: string;
  readonly restart: boolean;
}

serveWork<LengthsPiece, LengthsCell>(({ options, ...where }, { stopRequested }) =>
  runLengthsCell(options, { ...where, stopRequested })
);
