/// <reference lib="dom" />
/** What each head of a Transformer looks at, over one string. */
import type { HeadOn } from "../../lm/typing/predictor.ts";
import type { Look } from "../protocol.ts";
import { createPicture, type Pen } from "./canvas.ts";
import type { Ink } from "./theme.ts";

/** The heads of a model, drawn anew for each look. */
export interface AttentionView {
  readonly root: HTMLElement;
  draw(attention: Look["attention"], shown: { colour: string; ink: Ink }): void;
}

/** Heads side by side, those of a layer in a row. */
export function createAttentionView(): AttentionView {
  const picture = createPicture("What each head looks at");
  return {
    root: picture.root,
    draw: (attention, { colour, ink }) => {
      picture.root.hidden = attention === null;
      if (!attention) return;
      const { text, heads } = attention;
      picture.draw(
        `Over the string ${text}: a row for each character that reads, a column for each that is read ` +
          `(› is the start). ${favourites(heads)}`,
        ink,
        (pen) => paintHeads({ text, heads }, { pen, colour }),
      );
    },
  };
}

function paintHeads(
  { text, heads }: { text: string; heads: readonly HeadOn[] },
  { pen, colour }: { pen: Pen; colour: string },
): void {
  const layers = 1 + heads.reduce((most, { layer }) => Math.max(most, layer), 0);
  const columns = heads.length / layers;
  const cell = { width: pen.width / columns, height: pen.height / layers };
  for (const { layer, head, weights } of heads) {
    const side = Math.min(cell.width, cell.height - 4) - 26;
    const left = head * cell.width + (cell.width - side) / 2 + 8;
    const top = layer * cell.height + 20;
    paintHead(weights, {
      pen,
      colour,
      left,
      top,
      size: side / weights.length,
      letters: ["›", ...text],
    });
  }
}

function paintHead(
  weights: HeadOn["weights"],
  { pen: { context, ink }, colour, left, top, size, letters }: {
    pen: Pen;
    colour: string;
    left: number;
    top: number;
    size: number;
    letters: readonly string[];
  },
): void {
  context.fillStyle = ink.grid;
  weights.forEach((_, row) =>
    context.fillRect(left, top + row * size, (row + 1) * size - 1, size - 1)
  );
  context.fillStyle = colour;
  weights.forEach((row, to) =>
    row.slice(0, to + 1).forEach((weight, from) => {
      context.globalAlpha = weight;
      context.fillRect(left + from * size, top + to * size, size - 1, size - 1);
    })
  );
  context.globalAlpha = 1;
  context.fillStyle = ink.text;
  context.font = `${Math.max(8, Math.min(12, size))}px ui-monospace, monospace`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  letters.forEach((letter, i) => {
    context.fillText(letter, left - 9, top + (i + 0.5) * size);
    context.fillText(letter, left + (i + 0.5) * size, top - 8);
  });
}

/** In words: how far back each head looks most, on the whole. */
function favourites(heads: readonly HeadOn[]): string {
  return heads.map(({ layer, head, weights }) => {
    const backs = weights.map((_, back) =>
      weights.reduce((sum, row, to) => sum + (row[to - back] ?? 0), 0) / (weights.length - back)
    ).slice(0, 8);
    const most = backs.indexOf(backs.reduce((best, value) => Math.max(best, value), 0));
    const name = `Layer ${layer + 1}, head ${head + 1}`;
    return `${name} looks most ${most === 0 ? "at the character just read" : `${most} back`}.`;
  }).join(" ");
}
