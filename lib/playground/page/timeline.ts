/// <reference lib="dom" />
/** The slider back through training. */
import { element, say } from "./dom.ts";
import { count } from "./format.ts";

/** A slider over the moments that were looked at; at its right end it follows the training. */
export interface Timeline {
  readonly root: HTMLElement;
  /** The step that is shown, given all moments. */
  stepOf(moments: readonly number[]): number;
  /** Draws it. */
  draw(moments: readonly number[]): void;
  /** Follows the training again. */
  follow(): void;
}

/** A slider that follows the training until it is moved. */
export function createTimeline(moved: () => void): Timeline {
  const slider = element("input", {
    type: "range",
    id: "moment",
    min: 0,
    max: 0,
    value: 0,
    step: 1,
  });
  const said = element("output", { for: "moment" });
  const root = element(
    "label",
    { class: "timeline" },
    element("span", {}, "Back through training"),
    slider,
    said,
  );
  let chosen: number | null = null; // the step, null to follow
  let known: readonly number[] = [];
  slider.addEventListener("input", () => {
    const at = Number(slider.value);
    chosen = at >= known.length - 1 ? null : known[at]!;
    moved();
  });
  return {
    root,
    stepOf: (moments) => chosen ?? moments.at(-1) ?? 0,
    follow: () => chosen = null,
    draw: (moments) => {
      known = moments;
      const step = chosen ?? moments.at(-1) ?? 0;
      slider.max = `${Math.max(0, moments.length - 1)}`;
      slider.value = `${Math.max(0, moments.indexOf(step))}`;
      const text = step === 0 ? "before training" : `step ${count(step)}`;
      slider.setAttribute("aria-valuetext", text);
      say(said, chosen === null ? text : `${text} (in the past)`);
    },
  };
}
