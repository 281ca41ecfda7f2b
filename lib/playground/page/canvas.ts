/// <reference lib="dom" />
/** A picture that is drawn often: a canvas as sharp as the screen, with a description for who does not see it. */
import { element } from "./dom.ts";

/** What draws. */
export interface Pen {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
}

/** A canvas with a caption. */
export interface Picture {
  readonly root: HTMLElement;
  /** Draws it anew; says what is to be seen. */
  draw(description: string, paint: (pen: Pen) => void): void;
}

/** An empty picture. */
export function createPicture(title: string): Picture {
  const canvas = element("canvas", { role: "img" });
  const note = element("p", { class: "note" });
  const root = element(
    "figure",
    {},
    element("figcaption", {}, title),
    canvas,
    note,
  );
  return {
    root,
    draw: (description, paint) => {
      const width = Math.max(200, canvas.clientWidth || root.clientWidth);
      const height = Math.round(Math.min(320, width * 0.72));
      const ratio = globalThis.devicePixelRatio || 1;
      if (
        canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)
      ) {
        canvas.width = Math.round(width * ratio);
        canvas.height = Math.round(height * ratio);
      }
      canvas.style.height = `${height}px`;
      const context = canvas.getContext("2d")!;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, width, height);
      paint({ context, width, height });
      canvas.setAttribute("aria-label", `${title}. ${description}`);
      note.textContent = description;
    },
  };
}
