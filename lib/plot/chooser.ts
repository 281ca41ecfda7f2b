/** Panels of which a page shows one at a time: a sample among samples, a model among models. */
import type { Figure } from "./figure.ts";
import type { HtmlFragment } from "./html.ts";
import type { Program } from "./program.ts";

/** One panel. */
export interface Choice {
  /** Its name in the list. */
  name: string;
  /** What is shown when it is chosen. */
  items: PageItem[];
}

/** A list to choose from, and the panel of the chosen one. */
export class Chooser {
  /** What is chosen, such as `Sample`. */
  readonly label: string;
  /** The panels, the first is shown at the start. */
  readonly choices: readonly Choice[];

  /** Call `chooser` instead. */
  constructor(label: string, choices: readonly Choice[]) {
    this.label = label;
    this.choices = choices;
  }
}

/** What a page can hold. */
export type PageItem = Figure | HtmlFragment | Chooser | Program;

/** Lets the reader of a page choose among panels, with the keyboard too. */
export function chooser(
  { label, choices }: { label: string; choices: readonly Choice[] },
): Chooser {
  return new Chooser(label, choices);
}
