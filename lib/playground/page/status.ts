/** Where the training stands, in a sentence that screen readers say. */
import type { ClassState } from "./class_session.ts";
import { count, percent } from "./format.ts";
import type { Lane } from "./lane.ts";
import { letters } from "./models.ts";

/** The sentence; while it trains it changes once in a tenth of the way. */
export function statusOf(lanes: readonly Lane[], state: ClassState): string {
  if (state === "preparing") return "Drawing strings and first weights …";
  if (state === "ready") return "Ready: nothing has been learned yet.";
  const said = lanes.map((lane, i) => `Model ${letters[i]}: ${standing(lane, state)}`).join(" ");
  return `${words[state]} ${said}`;
}

const words: Record<Exclude<ClassState, "preparing" | "ready">, string> = {
  going: "Training.",
  paused: "Paused.",
  done: "Trained.",
  failed: "Stopped.",
};

function standing({ looks, opened, problem }: Lane, state: ClassState): string {
  if (problem) return `${problem}.`;
  const steps = opened?.steps ?? 1;
  const tenth = (step: number) => Math.floor(10 * step / steps);
  const last = looks.at(-1);
  const shown = state === "going"
    ? looks.find(({ step }) => tenth(step) === tenth(last?.step ?? 0))
    : last;
  if (!shown) return "nothing yet.";
  const { accuracy } = shown.generated;
  const right = accuracy === null ? "none new" : `${percent(accuracy)} right`;
  return `step ${count(shown.step)} of ${count(steps)}, ${right}.`;
}
