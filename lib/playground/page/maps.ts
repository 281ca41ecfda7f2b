/// <reference lib="dom" />
/** Vectors of a model in the plane: those of the characters, and those after each character of a text. */
import type { Grammar } from "../../grammar/mod.ts";
import type { Points } from "../protocol.ts";
import { createPicture, type Pen } from "./canvas.ts";
import { percent } from "./format.ts";
import { classColour, type Ink, stateColour } from "./theme.ts";

/** A map that is drawn anew for each look. */
export interface PointMap {
  readonly root: HTMLElement;
  draw(points: Points | null, shown: { grammar: Grammar; ink: Ink }): void;
}

/** Characters as themselves, coloured by their class. */
export function createEmbeddingMap(): PointMap {
  const picture = createPicture("Character vectors, seen from their widest side");
  return {
    root: picture.root,
    draw: (points, { grammar, ink }) => {
      picture.root.hidden = points === null;
      if (!points) return;
      const classes = points.names.join(", ");
      picture.draw(
        `Coloured by class (${classes}). The picture shows ${
          percent(points.explained)
        } of all differences.`,
        ink,
        (pen) => {
          const place = placer(points, pen);
          pen.context.font = "600 14px ui-monospace, monospace";
          pen.context.textAlign = "center";
          pen.context.textBaseline = "middle";
          points.labels.forEach((label, i) => {
            pen.context.fillStyle = classColour(label);
            pen.context.fillText(grammar.alphabet[i]!, ...place(i));
          });
        },
      );
    },
  };
}

/** States of the automaton beyond which each cannot have a colour of its own. */
const MOST_STATES = 16;

/** Dots, coloured by the state that the grammar is in, with its name in their middle. */
export function createStateMap(): PointMap {
  const picture = createPicture("The model's inner state after each character");
  return {
    root: picture.root,
    draw: (points, { ink }) => {
      picture.root.hidden = points === null;
      if (!points) return;
      const grouping = groupStates(points);
      picture.draw(
        `One dot for each place in ${points.x.length} characters of unseen strings, coloured by ` +
          `${grouping.by}. The picture shows ${percent(points.explained)} of all differences.`,
        ink,
        (pen) => paintStates(points, { pen, grouping }),
      );
    },
  };
}

/** How states are coloured. */
interface Grouping {
  readonly by: string;
  groupOf(state: number): string;
}

/** Each state by itself where they are few, else by how much is remembered. */
function groupStates({ names }: Points): Grouping {
  if (names.length <= MOST_STATES) {
    return { by: "the state of the grammar's automaton", groupOf: (state) => names[state]! };
  }
  const depth = (name: string) => name === "start" ? 0 : name.replace("∅", "").length;
  return {
    by: "how many characters the grammar's automaton remembers there",
    groupOf: (state) => `${depth(names[state]!)}`,
  };
}

function paintStates(
  points: Points,
  { pen, grouping }: { pen: Pen; grouping: Grouping },
): void {
  const { context } = pen;
  const place = placer(points, pen);
  const groups = new Map<string, { x: number; y: number; count: number }>();
  const names = points.labels.map(grouping.groupOf);
  const order = [...new Set(names)].sort();
  context.globalAlpha = 0.8;
  names.forEach((name, i) => {
    const [x, y] = place(i);
    const group = groups.get(name) ?? { x: 0, y: 0, count: 0 };
    groups.set(name, { x: group.x + x, y: group.y + y, count: group.count + 1 });
    context.fillStyle = stateColour(order.indexOf(name));
    context.beginPath();
    context.arc(x, y, 3.2, 0, 2 * Math.PI);
    context.fill();
  });
  context.globalAlpha = 1;
  context.font = "600 13px ui-monospace, monospace";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineWidth = 4;
  context.strokeStyle = pen.ink.card;
  context.fillStyle = pen.ink.text;
  for (const [name, { x, y, count }] of groups) {
    context.strokeText(name, x / count, y / count);
    context.fillText(name, x / count, y / count);
  }
}

/** From a point's number to its place, both axes on one scale. */
function placer({ x, y }: Points, { width, height }: Pen): (i: number) => [number, number] {
  const reach = (values: readonly number[]) =>
    values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6);
  const scale = Math.min((width / 2 - 16) / reach(x), (height / 2 - 16) / reach(y));
  return (i) => [width / 2 + scale * x[i]!, height / 2 - scale * y[i]!];
}
