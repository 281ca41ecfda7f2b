/** Progress of long work, on standard error: a bar on a terminal, a few plain lines when piped. */
import cliProgress from "cli-progress";

/** One piece of work under way. */
export interface Progress {
  /** Reports `done` units of the total, and a note such as `loss 1.234`. */
  update(done: number, note?: string): void;
  /** Ends the bar, with a last note; where it is, if the work was not `finished`. */
  stop(note?: string, finished?: boolean): void;
}

/** Shows nothing: for tests, notebooks and `--quiet`. */
export const silentProgress: Progress = { update() {}, stop() {} };

/** Starts a bar (terminal) or plain lines (piped) for `total` units of work. */
export function startProgress(name: string, total: number): Progress {
  return Deno.stderr.isTerminal() ? bar(name, total) : plainLines(name, total);
}

/** Several pieces of work under way at once: a bar each, below each other, or plain lines. */
export interface ProgressBars {
  /** Starts one more. */
  start(name: string, total: number): Progress;
  /** Leaves the bars as they are. */
  [Symbol.dispose](): void;
}

/** A screen for the bars of work that goes on side by side. */
export function startProgressBars(): ProgressBars {
  if (!Deno.stderr.isTerminal()) return { start: plainLines, [Symbol.dispose]: () => {} };
  const bars = new cliProgress.MultiBar(look, cliProgress.Presets.shades_classic);
  return {
    start: (name, total) =>
      controls(bars.create(total, 0, { name: name.padEnd(14), note: "" }), total),
    [Symbol.dispose]: () => bars.stop(),
  };
}

const look: cliProgress.Options = {
  format: "{name} {bar} {percentage}% {eta_formatted} {note}",
  barsize: 24,
  hideCursor: true,
  stopOnComplete: false,
};

function bar(name: string, total: number): Progress {
  const shown = new cliProgress.SingleBar(look, cliProgress.Presets.shades_classic);
  shown.start(total, 0, { name: name.padEnd(14), note: "" });
  return controls(shown, total);
}

function controls(
  shown: Pick<cliProgress.SingleBar, "update" | "stop">,
  total: number,
): Progress {
  return {
    update: (done, note) => shown.update(done, note === undefined ? {} : { note }),
    stop: (note, finished = true) => {
      const payload = note === undefined ? {} : { note };
      if (finished) shown.update(total, payload);
      else shown.update(payload);
      shown.stop();
    },
  };
}

function plainLines(name: string, total: number): Progress {
  let quarter = 0;
  return {
    update: (done, note = "") => {
      const reached = Math.floor((4 * done) / total);
      if (reached <= quarter || reached >= 4) return;
      quarter = reached;
      console.error(`${name}: ${25 * reached} % ${note}`.trimEnd());
    },
    stop: (note = "", finished = true) =>
      console.error(`${name}: ${finished ? "done " : ""}${note}`.trimEnd()),
  };
}
