/// <reference lib="dom" />
/** What each head looks at when it predicts one place of a text. */
import { element } from "./element.ts";
import type { HeadOn } from "./predictor.ts";
import { BORDER, percent, visibleCharacter } from "./words.ts";

/** A row for each head, a column for each character before the place. */
export function attentionTable(
  heads: readonly HeadOn[],
  { characters, place }: { characters: readonly string[]; place: number },
): HTMLElement {
  const read = [BORDER, ...characters.slice(0, place).map(visibleCharacter)];
  const head = element("tr", {}, [
    element("th", { text: "head" }),
    ...read.map((text) => element("th", { text, attributes: { scope: "col" } })),
  ]);
  const rows = heads.map(({ layer, head, weights }) =>
    element("tr", {}, [
      element("th", { text: `${layer + 1}.${head + 1}`, attributes: { scope: "row" } }),
      ...read.map((_, position) => weightCell(weights[place]?.[position] ?? 0)),
    ])
  );
  const attributes = { "aria-label": "Attention in per cent" };
  const table = element("table", { class: "attention", attributes }, [head, ...rows]);
  return element("div", {}, [
    element("p", { text: "What each head (layer.head) looks at here, in per cent" }),
    element("div", { class: "scroll", attributes: { tabindex: "0" } }, [table]),
  ]);
}

function weightCell(weight: number): HTMLElement {
  return element("td", {
    text: weight < 0.005 ? "" : `${Math.round(100 * weight)}`,
    style: { "--share": `${weight}` },
    attributes: { title: percent(weight) },
  });
}
