/// <reference lib="dom" />
/** The next character as bars, what the model expects beside what is true. */
import type { Grammar } from "../../grammar/mod.ts";
import { element } from "./element.ts";
import { percent } from "./words.ts";

/** Shares of the next character, those of the alphabet in its order and then the end. */
export interface NextShares {
  /** As the model has them. */
  readonly model: ArrayLike<number>;
  /** As they are; null after a mistake, where nothing is true any more. */
  readonly truth: ArrayLike<number> | null;
}

/** One group of characters for each symbol, and the end. */
export function nextBars(grammar: Grammar, shares: NextShares): HTMLElement {
  const { alphabet, symbols } = grammar;
  const most = largestShare(alphabet.length, shares);
  let first = 0;
  const groups = symbols.map(({ many, characters }) => {
    const range = { from: first, to: first += characters.length };
    const columns = characters.length > 1
      ? [columnsOf(characters, { shares, first: range.from, most })]
      : [];
    return groupOf(many, { shares, range, columns });
  });
  const end = { from: alphabet.length, to: alphabet.length + 1 };
  return element("div", { class: "next" }, [
    ...groups,
    groupOf("the end", { shares, range: end, columns: [] }),
  ]);
}

function groupOf(
  name: string,
  { shares: { model, truth }, range, columns }: {
    shares: NextShares;
    range: { from: number; to: number };
    columns: Node[];
  },
): HTMLElement {
  const own = sum(model, range);
  const real = truth ? sum(truth, range) : null;
  return element("div", { class: "group" }, [
    element("p", {}, [
      element("span", { class: "name", text: name }),
      bar("model", own),
      bar("truth", real),
    ]),
    ...columns,
  ]);
}

/** A number over a bar of its length. */
export function bar(kind: "model" | "truth", share: number | null): HTMLElement {
  return element("span", {
    class: `bar ${kind}`,
    text: percent(share),
    style: { "--share": `${share ?? 0}` },
    attributes: { title: kind === "model" ? "the model" : "the truth" },
  });
}

function columnsOf(
  characters: readonly string[],
  { shares: { model, truth }, first, most }: { shares: NextShares; first: number; most: number },
): HTMLElement {
  const columns = characters.map((character, i) => {
    const [own, real] = [model[first + i] ?? 0, truth?.[first + i] ?? 0];
    const tip = `${character}: model ${percent(own)}, truth ${percent(truth ? real : null)}`;
    return element("span", { class: "column", attributes: { title: tip } }, [
      element("i", { class: "model", style: { "--share": `${own / most}` } }),
      element("i", { class: "truth", style: { "--share": `${real / most}` } }),
      element("b", { text: character }),
    ]);
  });
  const likeliest = characters.map((character, i) => ({ character, share: model[first + i] ?? 0 }))
    .sort((a, b) => b.share - a.share).slice(0, 3)
    .map(({ character, share }) => `${character} ${percent(share)}`).join(", ");
  const attributes = { role: "img", "aria-label": `Likeliest for the model: ${likeliest}` };
  return element("div", { class: "columns", attributes }, columns);
}

function largestShare(characters: number, { model, truth }: NextShares): number {
  let most = 1e-9;
  for (let i = 0; i < characters; i++) most = Math.max(most, model[i]!, truth?.[i] ?? 0);
  return most;
}

function sum(shares: ArrayLike<number>, { from, to }: { from: number; to: number }): number {
  let total = 0;
  for (let i = from; i < to; i++) total += shares[i]!;
  return total;
}
