/** Colours for values: a sequential scale and a diverging one. */

/** `sequential` for amounts, `diverging` for values on both sides of zero. */
export type ColourScaleName = "sequential" | "diverging";

/**
 * Evenly spaced stops. Sequential is Viridis (van der Walt and Smith, 2015); diverging goes from
 * this palette's blue over near-white to its vermillion. Both keep their order in greyscale.
 */
export const colourScales: Readonly<Record<ColourScaleName, readonly string[]>> = {
  sequential: ["#440154", "#482878", "#3e4989", "#31688e", "#26828e", "#1f9e89", "#35b779"]
    .concat(["#6ece58", "#b5de2b", "#fde725"]),
  diverging: ["#004c78", "#0072b2", "#6baed6", "#c6dbef", "#f5f5f5", "#fbd3b0", "#f39a55"]
    .concat(["#d55e00", "#8a3d00"]),
};

/** A scale as Plotly wants it: pairs of a position from 0 to 1 and a colour. */
export function plotlyScale(name: ColourScaleName): [number, string][] {
  const stops = colourScales[name];
  return stops.map((colour, index) => [index / (stops.length - 1), colour]);
}

/** The colour at a position from 0 to 1; positions outside take the nearest end, NaN the start. */
export function colourAt(name: ColourScaleName, position: number): string {
  const stops = colourScales[name];
  const clamped = Math.min(1, Math.max(0, Number.isNaN(position) ? 0 : position));
  const place = clamped * (stops.length - 1);
  const left = Math.min(Math.floor(place), stops.length - 2);
  const from = channels(stops[left]!);
  const to = channels(stops[left + 1]!);
  const mixed = from.map((value, i) => Math.round(value + (place - left) * (to[i]! - value)));
  return "#" + mixed.map((value) => value.toString(16).padStart(2, "0")).join("");
}

/** Black or white, whichever reads better on the colour (WCAG 2 relative luminance). */
export function inkOn(colour: string): string {
  const [red, green, blue] = channels(colour).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return luminance > 0.179 ? "#000000" : "#ffffff";
}

/** Where a value lies between two ends, 0.5 when the ends are one. */
export function positionBetween(value: number, low: number, high: number): number {
  return high === low ? 0.5 : (value - low) / (high - low);
}

/** The ends of a scale for these values: given ones, else their range, symmetric if diverging. */
export function scaleEnds(
  values: Iterable<number>,
  { colours, low, high }: { colours: ColourScaleName; low?: number; high?: number },
): [number, number] {
  let least = Infinity;
  let most = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  if (least > most) [least, most] = [0, 1];
  if (colours === "diverging") {
    most = Math.max(Math.abs(least), Math.abs(most));
    least = -most;
  }
  return [low ?? least, high ?? most];
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((start) => parseInt(colour.slice(start, start + 2), 16));
}
