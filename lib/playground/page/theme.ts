/// <reference lib="dom" />
/** Colours of pictures, which follow the page's. */
import { palette } from "../../plot/theme.ts";

const { blue, orange, green, purple, vermillion, sky } = palette;

/** One colour a class of characters, in the order of the grammar's symbols. */
const classes = [sky, orange, green, purple, vermillion, blue];

/** The colour of a class of characters. */
export function classColour(index: number): string {
  return classes[index % classes.length]!;
}

/** Colours of so many states, neighbours far apart; a dark and a light one in turn. */
export function stateColour(index: number): string {
  const hue = (28 + index * 137.508) % 360; // the golden angle: no two of a few dozen come close
  return `hsl(${hue.toFixed(0)} 70% ${index % 2 === 0 ? 52 : 66}%)`;
}

/** A colour of the page, such as `--text`. */
export function pageColour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Whether the reader asked for little that moves. */
export function wantsStillness(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
