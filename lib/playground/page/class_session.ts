/// <reference lib="dom" />
/** The models of a page together: they start, pause and begin anew as one. */
import type { Look } from "../protocol.ts";
import type { Settings } from "../settings.ts";
import { type Lane, openLane } from "./lane.ts";

/** What goes on. */
export type ClassState = "preparing" | "ready" | "going" | "paused" | "done" | "failed";

/** All models of some settings. */
export interface ClassSession {
  readonly lanes: readonly Lane[];
  /** The state of all of them together. */
  state(): ClassState;
  /** Steps at which any of them was looked at, rising. */
  moments(): number[];
  ask(kind: "go" | "pause" | "step"): void;
  close(): void;
}

/** Starts a worker for each model. */
export function openClass(
  { models, ...common }: Settings,
  { program, changed }: { program: string; changed: () => void },
): ClassSession {
  const lanes = models.map((model) => openLane({ ...common, model }, { program, changed }));
  return {
    lanes,
    state: () => stateOf(lanes),
    moments: () => {
      const steps = lanes.flatMap(({ looks }) => looks.map(({ step }) => step));
      return [...new Set(steps)].sort((a, b) => a - b);
    },
    ask: (kind) => lanes.forEach((lane) => lane.ask(kind)),
    close: () => lanes.forEach((lane) => lane.close()),
  };
}

function stateOf(lanes: readonly Lane[]): ClassState {
  const states = lanes.map(({ state }) => state);
  if (states.includes("preparing")) return "preparing";
  if (states.includes("going")) return "going";
  if (states.every((state) => state === "failed")) return "failed";
  if (states.every((state) => state === "done" || state === "failed")) return "done";
  return lanes.every(({ losses }) => losses.length === 0) ? "ready" : "paused";
}

/** The last look at a model up to a step; its first one where there was none. */
export function lookAt({ looks }: Lane, step: number): Look | undefined {
  return looks.findLast((look) => look.step <= step) ?? looks[0];
}
