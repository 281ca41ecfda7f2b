/** What every command of the project shares: flags, progress, tables, files written whole. */
export { orUsageError, StoppedError, UsageError } from "../errors.ts";
export { type OwnedFolder, ownFolder, writeWhole } from "../files.ts";
export { createCommand, Option, positiveNumber, runCommand, wholeNumber } from "./flags.ts";
export { type InterruptWatch, watchInterrupts } from "./interrupts.ts";
export { gibibytes, jobsForCores, jobsThatFit } from "./jobs.ts";
export {
  type Progress,
  type ProgressBars,
  silentProgress,
  startProgress,
  startProgressBars,
} from "./progress.ts";
export { formatTable } from "../table.ts";
