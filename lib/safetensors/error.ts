/** The one error of this room. */
import { UsageError } from "../errors.ts";

/** A checkpoint that cannot be read or does not fit: says what was found and what is wanted. */
export class CheckpointError extends UsageError {
  /** Shown instead of plain Error. */
  override name = "CheckpointError";

  /** In one line, whatever of a broken file is cited. */
  constructor(message: string) {
    super(message.replace(/[\s\p{Cc}]+/gu, " "));
  }
}

/** Runs `read`, and names the file in what it throws. */
export function within<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const start = "Expected a checkpoint at ";
    if (!(error instanceof CheckpointError) || error.message.startsWith(start)) throw error;
    throw new CheckpointError(`${start}${path}: ${error.message}`);
  }
}
