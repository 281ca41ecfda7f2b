/// <reference lib="dom" />
/** The loss of each model, falling through the exact lines. */
import type { Opened } from "../protocol.ts";
import { element, replace, shape } from "./dom.ts";
import { nats } from "./format.ts";
import type { Lane } from "./lane.ts";
import { colourOf, letters } from "./models.ts";
import { watchWidth } from "./width.ts";

const margin = { left: 46, right: 14, top: 12, bottom: 34 };

/** From values to pixels. */
interface Frame {
  readonly width: number;
  readonly height: number;
  x(step: number): number;
  y(loss: number): number;
}

/** The picture, to be drawn anew whenever something has changed. */
export interface LossChart {
  readonly root: HTMLElement;
  /** @param step the moment that the rest of the page shows */
  draw(lanes: readonly Lane[], step: number): void;
}

/** An empty chart; `resized` is called when it has to be drawn anew for another width. */
export function createLossChart(resized: () => void): LossChart {
  const picture = shape("svg", { role: "img", class: "loss", "aria-labelledby": "loss-title" });
  const root = element("div", { class: "chart" }, picture);
  const seen = watchWidth(root, resized);
  return {
    root,
    draw: (lanes, step) => {
      const opened = lanes.find((lane) => lane.opened)?.opened;
      if (!opened) return;
      const frame = frameOf(lanes, { width: seen.width || 640 });
      picture.setAttribute("viewBox", `0 0 ${frame.width} ${frame.height}`);
      picture.setAttribute("height", `${frame.height}`);
      replace(
        picture,
        shape("title", { id: "loss-title" }, describe(lanes)),
        ...axes(lanes, frame),
        ...exactLines(opened, frame),
        cursor(step, frame),
        ...lanes.flatMap((lane, i) =>
          curves(lane, { frame, colour: colourOf(i), letter: letters[i]! })
        ),
        ...exactNames(opened, frame),
      );
    },
  };
}

function frameOf(lanes: readonly Lane[], { width }: { width: number }): Frame {
  const height = Math.round(Math.min(400, Math.max(260, width * 0.5)));
  const opened = lanes.flatMap((lane) => lane.opened ?? []);
  const seen = lanes.flatMap(({ looks, losses }) => [
    ...looks.map(({ loss }) => loss),
    ...losses.map(({ loss }) => loss),
  ]).filter(Number.isFinite);
  const floor = opened[0]!.floor;
  const highest = opened[0]!.idealLoss[0]!;
  const most = seen.reduce((most, loss) => Math.max(most, loss), highest);
  const span = highest - floor;
  const top = Math.min(most + 0.05 * span, floor + 2.2 * span); // a bad start would press all else flat
  const bottom = floor - 0.12 * span;
  const steps = opened.reduce((most, { steps }) => Math.max(most, steps), 1);
  const inner = {
    width: width - margin.left - margin.right,
    height: height - margin.top - margin.bottom,
  };
  return {
    ...{ width, height },
    x: (step) => margin.left + inner.width * step / steps,
    y: (loss) => margin.top + inner.height * (top - Math.min(loss, top)) / (top - bottom),
  };
}

function axes(lanes: readonly Lane[], { width, height, x, y }: Frame): SVGElement[] {
  const steps = lanes.reduce((most, { opened }) => Math.max(most, opened?.steps ?? 0), 1);
  const bottom = height - margin.bottom;
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => Math.round(steps * share));
  const [high, low] = [valueAt(margin.top, y), valueAt(bottom, y)];
  const levels = niceTicks(low, high);
  return [
    ...levels.flatMap((loss) => [
      shape("line", {
        class: "grid",
        x1: margin.left,
        x2: width - margin.right,
        y1: y(loss),
        y2: y(loss),
      }),
      shape("text", { x: margin.left - 6, y: y(loss) + 4, "text-anchor": "end" }, loss.toFixed(1)),
    ]),
    ...ticks.map((step) =>
      shape("text", {
        ...{ x: x(step), y: bottom + 16 },
        "text-anchor": step === 0 ? "start" : step === steps ? "end" : "middle",
      }, step.toLocaleString("en"))
    ),
    shape("text", {
      x: (margin.left + width - margin.right) / 2,
      y: height - 3,
      "text-anchor": "middle",
    }, "step"),
  ];
}

/** The value that stands at a pixel, for `y` is a straight line. */
function valueAt(pixel: number, y: (loss: number) => number): number {
  const [y0, y1] = [y(0), y(-1)];
  return (y0 - pixel) / (y1 - y0);
}

function niceTicks(low: number, high: number): number[] {
  const step = [0.1, 0.2, 0.5, 1].find((size) => (high - low) / size <= 7) ?? 2;
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => (first + i) * step);
}

/** What no model beats, and what none beats that sees so many characters: each with its name. */
function exactLevels({ floor, idealLoss }: Opened): { loss: number; name: string }[] {
  const named = idealLoss.map((loss, i) => ({ loss, name: `the best that sees ${seen(i)}` }));
  const above = named.filter(({ loss }) => loss > floor + 1e-6);
  return [...above, { loss: floor, name: "floor: no model can be better" }];
}

function exactLines(opened: Opened, { x, y, width }: Frame): SVGElement[] {
  return exactLevels(opened).map(({ loss }) =>
    shape("line", {
      class: loss === opened.floor ? "exact floor" : "exact",
      ...{ x1: x(0), x2: width - margin.right, y1: y(loss), y2: y(loss) },
    })
  );
}

/** Pixels from one name to the next, below which they would cover each other. */
const APART = 13;

/** The names of the lines, below them: a model that comes to its line lies above it. */
function exactNames(opened: Opened, { y, width }: Frame): SVGElement[] {
  let last = -Infinity;
  return exactLevels(opened).flatMap(({ loss, name }) => {
    const at = y(loss);
    const covers = at - last < APART || (loss !== opened.floor && y(opened.floor) - at < APART);
    if (covers) return [];
    last = at;
    const place = { x: width - margin.right, y: at + 13 };
    return [shape("text", { class: "exact", ...place, "text-anchor": "end" }, name)];
  });
}

function seen(characters: number): string {
  if (characters === 0) return "nothing before";
  return characters === 1 ? "1 character before" : `${characters} characters before`;
}

function curves(
  { looks, losses }: Lane,
  { frame, colour, letter }: { frame: Frame; colour: string; letter: string },
): SVGElement[] {
  const path = (points: readonly { step: number; loss: number }[]) =>
    points.map(({ step, loss }) => `${frame.x(step).toFixed(1)},${frame.y(loss).toFixed(1)}`).join(
      " ",
    );
  const last = looks.at(-1);
  return [
    shape("polyline", { points: path(losses), class: "training", stroke: colour }),
    shape("polyline", { points: path(looks), class: "unseen", stroke: colour }),
    ...last ? endOf(last, { frame, colour, letter }) : [],
  ];
}

/** Where a curve stands, with the model's letter. */
function endOf(
  { step, loss }: { step: number; loss: number },
  { frame, colour, letter }: { frame: Frame; colour: string; letter: string },
): SVGElement[] {
  const [x, y] = [frame.x(step), frame.y(loss)];
  const side = { x: letter === "A" ? x - 10 : x + 6, y: y - 8 }; // both above, beside each other
  return [
    shape("circle", { cx: x, cy: y, r: 4, fill: colour }),
    shape("text", { ...side, class: "letter", fill: colour, "text-anchor": "end" }, letter),
  ];
}

function cursor(step: number, { x, height }: Frame): SVGElement {
  return shape("line", {
    class: "cursor",
    x1: x(step),
    x2: x(step),
    y1: margin.top,
    y2: height - margin.bottom,
  });
}

function describe(lanes: readonly Lane[]): string {
  const said = lanes.flatMap(({ opened, looks }) => {
    const last = looks.at(-1);
    return opened && last ? [`${opened.name}: ${nats(last.loss)} after step ${last.step}`] : [];
  });
  const floor = lanes.flatMap(({ opened }) => opened ? [`floor ${nats(opened.floor)}`] : [])[0];
  return ["Loss in nats a token", floor, ...said].join(". ");
}
