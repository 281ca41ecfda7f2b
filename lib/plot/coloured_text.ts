/** Text whose characters carry a value as their colour: what a model thought of each of them. */
import {
  colourAt,
  type ColourScaleName,
  inkOn,
  positionBetween,
  scaleEnds,
} from "./colour_scale.ts";
import { visible } from "./figure.ts";
import { html, type HtmlFragment, trustedHtml } from "./html.ts";
import { palette } from "./theme.ts";

/** What `colouredText` shows. */
export interface ColouredTextOptions {
  /** The text, by character, or its pieces. */
  text: string | readonly string[];
  /** A value for each piece; one that is not finite leaves the piece uncoloured. */
  values: ArrayLike<number>;
  /** What a touch or the mouse shows for each piece; its value by default. */
  hover?: readonly string[];
  /** Pieces to underline, such as the one that breaks the rule. */
  marked?: readonly boolean[];
  /** Printed before the text. */
  title?: string;
  /** `sequential` by default. */
  colours?: ColourScaleName;
  /** Value of the first colour; the least value by default. */
  low?: number;
  /** Value of the last colour; the largest value by default. */
  high?: number;
}

/**
 * Colours each piece of a text by its value, everything escaped.
 *
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { colouredText } from "./mod.ts";
 * const shown = colouredText({ text: "aB<", values: [0.9, 0.5, 0], low: 0, high: 1 });
 * assertStringIncludes(`${shown}`, "&lt;</span>");
 * ```
 */
export function colouredText(options: ColouredTextOptions): HtmlFragment {
  const { text, values, hover, marked, title, colours = "sequential", low, high } = options;
  const pieces = [...text];
  if (values.length !== pieces.length) {
    throw new RangeError(
      `Expected a value for each of ${pieces.length} pieces of text, got ${values.length} values`,
    );
  }
  const [first, last] = scaleEnds(Array.from(values), {
    colours,
    ...(low === undefined ? {} : { low }),
    ...(high === undefined ? {} : { high }),
  });
  const spans = pieces.map((piece, index) => {
    const value = values[index]!;
    const look = background(value, { colours, position: positionBetween(value, first, last) }) +
      (marked?.[index] ? underline : "");
    const tip = hover?.[index] ?? `${Number(value.toPrecision(4))}`;
    return html`<span title="${tip}" style="${look}">${visible(piece)}</span>`;
  });
  const before = title === undefined ? "" : html`<span style="${heading}">${title} </span>`;
  const shown = html`<div class="coloured-text" style="${frame}">${before}${spans}</div>`;
  return trustedHtml(`${shown}`, { text: [title ?? [], pieces.join("")].flat().join(" ") });
}

const frame = "font-family:ui-monospace,Menlo,Consolas,monospace;font-size:15px;line-height:1.7;" +
  "overflow-wrap:anywhere";
const heading = "font-family:system-ui,sans-serif;font-size:13px;opacity:.75";
const underline = `;box-shadow:inset 0 -3px 0 ${palette.vermillion};` +
  `text-decoration:underline wavy ${palette.vermillion}`;

function background(
  value: number,
  { colours, position }: { colours: ColourScaleName; position: number },
): string {
  if (!Number.isFinite(value)) return "padding:1px 2px";
  const colour = colourAt(colours, position);
  return `padding:1px 2px;border-radius:2px;background:${colour};color:${inkOn(colour)}`;
}
