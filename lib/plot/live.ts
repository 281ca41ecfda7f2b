/** Training curves that grow in the notebook while the model learns. */
import { currentKernel, jupyterDisplay, type MediaBundle, settle } from "./display.ts";
import { type Figure, figure } from "./figure.ts";
import { lines, type LinesOptions } from "./lines.ts";
import { svgLines } from "./svg_lines.ts";

/** Sends a bundle to the place with this id: at first it makes the place, later it redraws it. */
export type LiveSink = (
  bundle: MediaBundle,
  place: { id: string; update: boolean },
) => Promise<void>;

/** What `liveLines` draws, and where. */
export interface LiveOptions extends Omit<LinesOptions, "series"> {
  /** Least time between two drawings in milliseconds; 250 by default. */
  every?: number;
  /** Where drawings go; by default the notebook, nowhere outside one. */
  sink?: LiveSink;
}

/** Curves under way. */
export interface LiveLines {
  /**
   * Adds a point to each named curve, and redraws when the last drawing is old enough. Await it: the
   * wait is what lets the drawing out of a busy training loop.
   */
  add(x: number, values: Readonly<Record<string, number>>): Promise<void>;
  /** Redraws in place as a Plotly figure; call it once, at the end. */
  done(): Promise<void>;
  /** The curves so far as a Plotly figure, for a page. */
  figure(): Figure;
}

/**
 * Starts curves that update in place: SVG of ours while training, since a Plotly figure cannot be
 * redrawn in JupyterLab, and a Plotly figure at the end.
 */
export function liveLines(options: LiveOptions): LiveLines {
  const { every = 250, sink = notebookSink, ...look } = options;
  const id = crypto.randomUUID();
  const curves = new Map<string, { x: number[]; y: number[] }>();
  let last = -Infinity;
  let update = false;
  const drawn = () => ({ ...look, series: [...curves].map(([name, xy]) => ({ name, ...xy })) });
  const asFigure = () => {
    const { data, layout } = lines(drawn());
    return figure(data, { layout, svg: svgLines(drawn()) });
  };
  const send = async (bundle: MediaBundle) => {
    await sink(bundle, { id, update });
    update = true;
  };
  return {
    async add(x, values) {
      for (const [name, y] of Object.entries(values)) {
        const curve = curves.get(name) ?? { x: [], y: [] };
        curves.set(name, curve);
        curve.x.push(x);
        curve.y.push(y);
      }
      if (performance.now() - last < every) return;
      await send({ "image/svg+xml": svgLines(drawn()), "text/plain": options.title });
      last = performance.now();
    },
    async done() {
      await send(asFigure()[jupyterDisplay]());
    },
    figure: asFigure,
  };
}

async function notebookSink(
  bundle: MediaBundle,
  { id, update }: { id: string; update: boolean },
): Promise<void> {
  const kernel = currentKernel();
  if (kernel === undefined) return;
  await kernel.display(bundle, { raw: true, display_id: id, update });
  await settle();
}
