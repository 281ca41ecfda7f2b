/// <reference lib="dom" />
/** How wide an element is, without asking the browser for it in the middle of drawing. */

/** Watches an element; `changed` is called when it is laid out anew. */
export function watchWidth(element: Element, changed: () => void): { readonly width: number } {
  const seen = { width: 0 };
  new ResizeObserver(([entry]) => {
    const width = Math.round(entry?.contentRect.width ?? 0);
    if (width === seen.width || width === 0) return;
    seen.width = width;
    changed();
  }).observe(element);
  return seen;
}
