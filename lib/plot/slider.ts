/** Several states of one figure under a slider: what a model looks like step by step. */
import { type Figure, figure, type FigureLayout, plotText, type Trace } from "./figure.ts";
import { extent } from "./lines.ts";

/** One position of the slider. */
export interface SliderState {
  /** Its label, such as the number of the training step. */
  name: string;
  /** What is seen there; all states need the same axes. */
  figure: Figure;
}

/** What `slider` draws. */
export interface SliderOptions {
  /** What is to be seen in all of them, one short line. */
  title: string;
  /** What the slider counts, such as `step`. */
  over: string;
  /** The states in their order; the last is shown first, and in a static picture. */
  states: readonly SliderState[];
}

type Parts = Record<string, unknown>;

/**
 * Puts figures behind a slider that shows one of them. All traces are in `data` and are only switched
 * on and off, since older renderers know no frames; axes of curves keep one range over all states.
 *
 * @throws RangeError when there is no state
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { lines, slider } from "./mod.ts";
 * const states = [1, 2].map((step) => ({
 *   name: `${step}`,
 *   figure: lines({ title: "", series: [{ name: "loss", y: [step, 0] }] }),
 * }));
 * const drawn = slider({ title: "Loss", over: "step", states });
 * assertEquals(drawn.data.map((trace) => (trace as { visible?: boolean }).visible), [false, true]);
 * ```
 */
export function slider({ title, over, states }: SliderOptions): Figure {
  const last = states.at(-1);
  if (last === undefined) {
    throw new RangeError("Expected at least one state for a slider, got none");
  }
  const common = commonTraces(states);
  const placed = [
    ...[...common].map((i) => ({ trace: last.figure.data[i]!, state: "every" })),
    ...states.flatMap(({ figure }, state) =>
      figure.data.filter((_, i) => !common.has(i)).map((trace) => ({ trace, state }))
    ),
  ];
  const traces = placed.map(({ trace }) => trace);
  const visibleAt = (at: number) => placed.map(({ state }) => state === "every" || state === at);
  const shown = visibleAt(states.length - 1);
  const data = traces.map((trace, i) => ({ ...trace, visible: shown[i]! }) as Trace);
  const own = last.figure.layout as Parts;
  const margin = { l: 56, r: 24, t: 48, b: 48, ...own.margin as Parts };
  const layout = {
    ...own,
    ...fixedAxes(traces, own),
    title: { ...own.title as Parts, text: plotText(title) },
    height: Number(own.height ?? 380) + 70,
    margin: { ...margin, b: 110 },
    sliders: [{
      active: states.length - 1,
      currentvalue: { prefix: `${plotText(over)} `, xanchor: "left" },
      pad: { t: 44, b: 4 },
      steps: states.map(({ name }, state) => ({
        label: plotText(name),
        method: "restyle",
        args: [{ visible: visibleAt(state) }],
      })),
    }],
  };
  return figure(data, { layout: layout as unknown as FigureLayout });
}

/** Which traces are the same in all states: a curve beside what changes is kept once. */
function commonTraces(states: readonly SliderState[]): Set<number> {
  const [first, ...others] = states.map(({ figure }) =>
    figure.data.map((trace) => JSON.stringify(trace))
  );
  if (others.length === 0) return new Set();
  const places = first!.map((_, i) => i);
  return new Set(places.filter((i) => others.every((traces) => traces[i] === first![i])));
}

/** The axes of curves, with the range of all states where none was given. */
function fixedAxes(traces: readonly Trace[], layout: Parts): Parts {
  const curves = (traces as Parts[]).filter(({ type }) => type === "scatter");
  const axes: Parts = {};
  for (const side of ["x", "y"]) {
    const ids = new Set(curves.map((curve) => String(curve[`${side}axis`] ?? side)));
    for (const id of ids) {
      const name = id.replace(side, `${side}axis`);
      const axis = (layout[name] ?? {}) as Parts;
      const of = curves.filter((curve) => String(curve[`${side}axis`] ?? side) === id);
      const range = axis.range ?? axis.autorange ?? rangeOf(of, { side, log: axis.type === "log" });
      axes[name] = axis.autorange === undefined ? { ...axis, range } : axis;
    }
  }
  return axes;
}

/** Plotly wants the exponents of a logarithmic axis. */
function rangeOf(
  curves: readonly Parts[],
  { side, log }: { side: string; log: boolean },
): [number, number] {
  const all = curves.flatMap((curve) => curve[side] as number[]);
  const known = all.map((value) => log ? Math.log10(value) : value).filter(Number.isFinite);
  const [low, high] = extent(known);
  const rim = 0.04 * (high - low || 1);
  const isPoints = curves.some(({ mode }) => String(mode).includes("markers"));
  return side === "x" && !isPoints ? [low, high] : [low - rim, high + rim];
}
