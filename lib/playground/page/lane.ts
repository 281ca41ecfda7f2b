/// <reference lib="dom" />
/** A model of the page: its worker, and all that the worker told. */
import type { Prediction } from "../../lm/typing/predictor.ts";
import type { Lesson, Look, Opened, Report, Request, StepLoss } from "../protocol.ts";

/** Where a training stands. */
export type LaneState = "preparing" | "paused" | "going" | "done" | "failed";

/** A model with its worker. */
export interface Lane {
  readonly lesson: Lesson;
  readonly state: LaneState;
  readonly opened: Opened | undefined;
  readonly losses: readonly StepLoss[];
  readonly looks: readonly Look[];
  /** What went wrong, in words; empty when nothing did. */
  readonly problem: string;
  /** Trains on, pauses, or takes one step. */
  ask(kind: "go" | "pause" | "step"): void;
  /** What the model as it was at a look says to a text. */
  read(text: string, look: number): Promise<Prediction>;
  /** Ends the worker. */
  close(): void;
}

/** Starts a worker for a lesson; `changed` is called after everything that it tells. */
export function openLane(
  lesson: Lesson,
  { program, changed }: { program: string; changed: () => void },
): Lane {
  const worker = new Worker(program);
  const post = (request: Request) => worker.postMessage(request);
  const readings = new Map<number, (prediction: Prediction) => void>();
  let asked = 0;
  const losses: StepLoss[] = [];
  const looks: Look[] = [];
  const lane = {
    ...{ lesson, losses, looks },
    state: "preparing" as LaneState,
    opened: undefined as Opened | undefined,
    problem: "",
    ask: (kind: "go" | "pause" | "step") => {
      if (lane.state === "done" || lane.state === "failed") return;
      if (kind === "go") lane.state = "going";
      post({ kind });
    },
    read: (text: string, look: number) => {
      const id = asked++;
      post({ kind: "read", text, look, id });
      return new Promise<Prediction>((resolve) => readings.set(id, resolve));
    },
    close: () => worker.terminate(),
  };
  const fail = (problem: string) => Object.assign(lane, { state: "failed", problem });
  const take = (report: Report) => {
    if (report.kind === "opened") lane.opened = report.opened;
    if (report.kind === "losses") { for (const loss of report.losses) losses.push(loss); }
    if (report.kind === "look") {
      looks.push(report.look);
      if (lane.state === "preparing") lane.state = "paused";
    }
    if (report.kind === "paused" || report.kind === "done") lane.state = report.kind;
    if (report.kind === "failed") fail(report.problem);
    if (report.kind === "read") {
      readings.get(report.id)?.(report.prediction);
      readings.delete(report.id);
    }
  };
  worker.addEventListener("message", ({ data }: MessageEvent<Report>) => {
    take(data);
    changed();
  });
  worker.addEventListener("error", ({ message }) => {
    fail(message || "the worker cannot be started in this browser");
    changed();
  });
  post({ kind: "open", lesson });
  return lane;
}
