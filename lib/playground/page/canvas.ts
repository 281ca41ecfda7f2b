/// <reference lib="dom" />
/** A picture that is drawn often: a canvas as sharp as the screen, with a description for who does not see it. */
import { element } from "./dom.ts";
import type { Ink } from "./theme.ts";
import { watchWidth } from "./width.ts";

/** What draws. */
export interface Pen {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  readonly ink: Ink;
}

/** A canvas with a caption. */
export interface Picture {
  readonly root: HTMLElement;
  /** Draws it anew, now and whenever its width changes; says what is to be seen. */
  draw(description: string, ink: Ink, paint: (pen: Pen) => void): void;
}

/** An empty picture. */
export function createPicture(title: string): Picture {
  const canvas = element("canvas", { role: "img" });
  const note = element("p", { class: "note" });
  const root = element("figure", {}, element("figcaption", {}, title), canvas, note);
  let painted: { ink: Ink; paint: (pen: Pen) => void } | undefined;
  const repaint = () => {
    if (seen.width > 0 && painted) paintOn(canvas, { width: seen.width, ...painted });
  };
  const seen = watchWidth(root, repaint);
  return {
    root,
    draw: (description, ink, paint) => {
      painted = { ink, paint };
      repaint();
      canvas.setAttribute("aria-label", `${title}. ${description}`);
      if (note.textContent !== description) note.textContent = description;
    },
  };
}

function paintOn(
  canvas: HTMLCanvasElement,
  { width, ink, paint }: { width: number; ink: Ink; paint: (pen: Pen) => void },
): void {
  const height = Math.round(Math.min(320, width * 0.75));
  const ratio = globalThis.devicePixelRatio || 1;
  const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== across || canvas.height !== down) {
    canvas.width = across;
    canvas.height = down;
    canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext("2d");
  if (!context) return;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  paint({ context, width, height, ink });
}
