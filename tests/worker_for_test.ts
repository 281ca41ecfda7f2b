/** A worker that squares numbers, and does what else workers_test.ts asks of it. */
import { StoppedError, UsageError } from "../lib/errors.ts";
import { serveWork } from "../lib/workers.ts";

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
  if (typeof piece === "string") throw new UsageError(`Expected a number, got ${piece}`);
  tell(`squaring ${piece}`);
  return piece * piece;
});
