/**
 * One look for every figure: colours that colour-blind readers can tell apart, and text that reads
 * on white and on black.
 */
import type { Template } from "plotly.js";

/**
 * The colours of Okabe and Ito, "Color Universal Design" (2008), without their black and yellow:
 * one vanishes on a dark page, the other on a light one.
 */
export const palette = {
  blue: "#0072B2",
  orange: "#E69F00",
  green: "#009E73",
  vermillion: "#D55E00",
  sky: "#56B4E9",
  purple: "#CC79A7",
  grey: "#808080",
} as const;

/** The palette in the order in which series take their colours. */
export const colourway: readonly string[] = Object.values(palette);

/** Where a figure is seen: on a page that is light or dark, or `anywhere` (a notebook). */
export type Appearance = "anywhere" | "light" | "dark";

interface Ink {
  text: string;
  grid: string;
  zero: string;
  card: string;
}

/** `anywhere` has a grey with the same contrast, 4.1 to 1, on white and on the editors' black. */
export const inks: Readonly<Record<Appearance, Ink>> = {
  anywhere: {
    text: "#7d7d7d",
    grid: "rgba(128,128,128,0.22)",
    zero: "rgba(128,128,128,0.5)",
    card: "rgba(0,0,0,0)",
  },
  light: { text: "#2b2f36", grid: "#e4e6ea", zero: "#b9bec7", card: "#ffffff" },
  dark: { text: "#d7dae0", grid: "#33373f", zero: "#5b616c", card: "#1b1e24" },
};

/** The fonts of figures and pages: the reader's own. */
export const fontFamily = "system-ui, -apple-system, 'Segoe UI', Roboto, Arial, sans-serif";

/** A Plotly template: what a figure looks like where it does not say otherwise itself. */
export function template(appearance: Appearance): Template {
  const { text, grid, zero } = inks[appearance];
  const axis = {
    gridcolor: grid,
    zerolinecolor: zero,
    linecolor: zero,
    automargin: true,
    exponentformat: "power" as const, // 10⁻⁵, not 10µ
    title: { standoff: 8 },
  };
  const sceneAxis = { gridcolor: zero, zerolinecolor: zero, color: text, showbackground: false };
  return {
    layout: {
      font: { family: fontFamily, size: 13, color: text },
      title: { x: 0, xanchor: "left", xref: "paper", font: { size: 16 } },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      colorway: [...colourway],
      margin: { l: 56, r: 24, t: 48, b: 48 },
      xaxis: axis,
      yaxis: axis,
      scene: { xaxis: sceneAxis, yaxis: sceneAxis, zaxis: sceneAxis },
      modebar: { bgcolor: "rgba(0,0,0,0)", color: zero, activecolor: text },
      legend: { bgcolor: "rgba(0,0,0,0)" },
      hoverlabel: { font: { family: fontFamily, size: 13 } },
    },
  };
}
