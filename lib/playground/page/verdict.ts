/// <reference lib="dom" />
/** How well a model does at a moment, in four numbers, each with what it means. */
import type { Look, Opened } from "../protocol.ts";
import { type Child, element } from "./dom.ts";
import { count, nats, percent } from "./format.ts";

/** The verdict on a model at a look. */
export function verdict(look: Look, opened: Opened): HTMLElement {
  return element(
    "dl",
    {
      class: "scores",
      "data-step": look.step,
      "data-accuracy": look.generated.accuracy ?? "",
      "data-order": look.order,
      "data-excess": look.excess,
    },
    ...accuracyTile(look),
    ...tile("Loss", nats(look.loss), `no model can be below ${nats(opened.floor)}`),
    ...tile("Excess", nats(look.excess), "nats a token from the truth"),
    ...tile(
      "Proven order",
      `${look.order}`,
      look.order === 1
        ? "not yet better than knowing how often each character comes"
        : `its loss proves it uses ${look.order - 1} character${
          look.order === 2 ? "" : "s"
        } before`,
    ),
  );
}

function accuracyTile({ generated }: Look): HTMLElement[] {
  const { accuracy, ci95, valid, new: fresh, total } = generated;
  if (accuracy === null || ci95 === null) {
    return tile("Accuracy", "–", `none of ${total} strings is new`);
  }
  const interval = `${percent(ci95[0])} to ${percent(ci95[1])}`;
  return tile(
    "Accuracy",
    percent(accuracy),
    `${count(valid ?? 0)} of ${
      count(fresh)
    } new strings follow the rule; 95 % interval ${interval}`,
    bar(accuracy, ci95),
  );
}

function tile(name: string, value: string, meaning: string, extra: Child = null): HTMLElement[] {
  return [
    element(
      "div",
      { class: "tile" },
      element("dt", {}, name),
      element("dd", {}, element("strong", {}, value), extra, element("small", {}, meaning)),
    ),
  ];
}

/** The share as a bar, its interval as a lighter one. */
function bar(share: number, [low, high]: readonly [number, number]): HTMLElement {
  const fill = element("span", { class: "share" });
  fill.style.width = `${100 * share}%`;
  const interval = element("span", { class: "interval" });
  interval.style.left = `${100 * low}%`;
  interval.style.width = `${100 * (high - low)}%`;
  return element("span", { class: "gauge", "aria-hidden": true }, fill, interval);
}
