/// <reference lib="dom" />
/** What a model writes, character by character, and where and why it breaks the rule. */
import type { JudgedSample } from "../protocol.ts";
import { element } from "./dom.ts";
import { percent } from "./format.ts";

/** What stands for the end of a string. */
const END = "⏎";

/** Longer strings are cut when shown. */
const LONGEST = 60;

/** Strings in a list, the wrong ones marked. */
export function samplesList(samples: readonly JudgedSample[]): HTMLElement {
  return element("ol", { class: "samples" }, ...samples.map(sampleItem));
}

function sampleItem({ text, finished, characters }: JudgedSample): HTMLElement {
  const wrong = characters.findIndex(({ reason }) => reason !== null);
  const reason = finished ? characters[wrong]?.reason : "it did not come to an end";
  const shown = characters.slice(0, LONGEST);
  return element(
    "li",
    { class: reason ? "wrong" : "right" },
    element("span", { class: "mark", "aria-hidden": true }, reason ? "✗" : "✓"),
    element(
      "code",
      { "aria-label": `${text || "the empty string"}: ${reason ?? "follows the rule"}` },
      ...shown.map(({ character, model, truth, reason }, i) =>
        element("span", {
          class: [
            character === "" ? "end" : "",
            reason === null ? "" : "mistake",
            wrong >= 0 && i > wrong ? "after" : "",
          ].join(" ").trim() || undefined,
          title: `${character || "end"}: the model ${share(model)}, in truth ${share(truth)}`,
        }, character || END)
      ),
      characters.length > LONGEST ? "…" : null,
    ),
    reason ? element("small", {}, reason) : null,
  );
}

function share(probability: number | null): string {
  return probability === null ? "–" : percent(probability);
}
