/** A worker that squares numbers, and does what else workers_test.ts asks of it. */
import { StoppedError, UsageError } from "../lib/errors.ts";
import { serveWork } from "../lib/workers.ts";

/** One of the kinds of errors that say what the person can mend. */
class OwnError extends UsageError {
  override name = "OwnError";
}

serveWork<number | string, number, string>(async (piece, { tell, stopRequested }) => {
  if (piece === "break") {
    setTimeout(() => {
      throw new Error("out of the blue");
    });
    await new Promise(() => {});
  }
  if (piece === "wait") {
    while (!await stopRequested());
    throw new StoppedError("Stopped");
  }
  if (piece === "refuse in its own way") {
    throw new OwnError("Expected a square, got a circle");
  }
  if (typeof piece === "string") throw new UsageError(`Expected a number, got ${piece}`);
  tell(`squaring ${piece}`);
  return piece * piece;
});
