/** The error that stands for a person's mistake, and not for ours. */

/** What the person at the command line can mend: shown as one line, without a stack. */
export class UsageError extends Error {
  /** Tells it from errors that are our fault. */
  override name = "UsageError";
}

/** Work that was stopped because a person asked for it: what was done is kept. */
export class StoppedError extends Error {
  /** Tells it from errors. */
  override name = "StoppedError";
}

/** What `work` resolves to; when it fails, a {@linkcode UsageError} of `expected` and the reason. */
export async function orUsageError<T>(work: Promise<T>, expected: string): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new UsageError(`${expected} (${(error as Error).message})`);
  }
}
