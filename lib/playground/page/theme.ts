/// <reference lib="dom" />
/** Colours of pictures, which follow the page's. */
import { inks, palette } from "../../plot/theme.ts";

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

/** The ink of pictures on a light or a dark page. */
export type Ink = typeof inks["light"];

/** The reader's choice between light and dark. */
export interface Theme {
  /** The ink of pictures now. */
  ink(): Ink;
}

/**
 * Light or dark, as the reader's system says until the button says otherwise.
 *
 * @param changed is called whenever it has changed
 */
export function createTheme(button: HTMLElement, changed: () => void): Theme {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const { dataset } = document.documentElement;
  const isDark = () => dataset.theme ? dataset.theme === "dark" : system.matches;
  const tell = () => {
    button.textContent = isDark() ? "Light" : "Dark";
    changed();
  };
  button.addEventListener("click", () => {
    dataset.theme = isDark() ? "light" : "dark";
    tell();
  });
  system.addEventListener("change", tell);
  button.textContent = isDark() ? "Light" : "Dark";
  return { ink: () => inks[isDark() ? "dark" : "light"] };
}
