/** The ids inside a drawing of Plotly, which are random. */
import { createHash } from "node:crypto";

/** A figure's own six characters in place of Plotly's random ones: the same figure, the same bytes. */
export function withStableIds(svg: string, figure: unknown): string {
  const random = svg.match(/id="defs-([0-9a-f]{6})"/)?.[1];
  if (random === undefined) return svg;
  const own = createHash("sha256").update(JSON.stringify(figure)).digest("hex").slice(0, 6);
  return svg.replaceAll(random, own);
}
