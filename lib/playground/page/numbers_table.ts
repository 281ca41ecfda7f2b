/// <reference lib="dom" />
/** The same as the chart, as a table: for who cannot see it, and for who wants the numbers. */
import { element, replace } from "./dom.ts";
import { count, nats, percent } from "./format.ts";
import type { Lane } from "./lane.ts";
import { letters } from "./models.ts";

/** A table that is only filled when it is opened. */
export interface NumbersTable {
  readonly root: HTMLElement;
  draw(lanes: readonly Lane[]): void;
}

/** An empty, closed table. */
export function createNumbersTable(): NumbersTable {
  const body = element("tbody", {});
  const head = ["model", "step", "loss", "excess", "order", "accuracy"].map((name) =>
    element("th", { scope: "col" }, name)
  );
  const table = element("table", {}, element("thead", {}, element("tr", {}, ...head)), body);
  const root = element(
    "details",
    { class: "record" },
    element("summary", {}, "The numbers"),
    element("div", { class: "scroll", tabindex: 0 }, table),
  );
  let drawn = 0;
  return {
    root,
    draw: (lanes) => {
      const looks = lanes.reduce((sum, lane) => sum + lane.looks.length, 0);
      if (!root.open || looks === drawn) return;
      drawn = looks;
      replace(body, ...lanes.flatMap((lane, i) => rowsOf(lane, letters[i]!)));
    },
  };
}

function rowsOf({ looks }: Lane, letter: string): HTMLElement[] {
  return looks.map(({ step, loss, excess, order, generated: { accuracy } }) =>
    element(
      "tr",
      {},
      ...[
        letter,
        count(step),
        nats(loss),
        nats(excess),
        order,
        accuracy === null ? "–" : percent(accuracy),
      ]
        .map((value) => element("td", {}, value)),
    )
  );
}
