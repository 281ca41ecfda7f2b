/** A page with everything that `lib/plot` can draw, where every text from outside is hostile. */
import {
  bars,
  chooser,
  colouredText,
  dotText,
  graph,
  grid,
  heatMap,
  html,
  htmlTable,
  lines,
  overlay,
  page,
  scatter,
  surface,
} from "../../lib/plot/mod.ts";

/** Text that would run, or break out, wherever escaping were forgotten. */
export const hostile = [
  "<script>alert(1)</script>",
  "</script><script>alert(2)</script>",
  `"><img src=x onerror=alert(3)>`,
  "</style></title><!--",
  "%{y} &lt;b&gt; $&",
  `<a href="javascript:alert(4)">bold</a>`,
] as const;

const steps = Array.from({ length: 60 }, (_, step) => step * 20);
const decay = (rate: number) => steps.map((step) => 1 + 1.6 * Math.exp(-step * rate));
const wave = (i: number, j: number) => Math.sin(i / 4) * Math.cos(j / 5);
const square = <T>(size: number, at: (i: number, j: number) => T) =>
  Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => at(i, j)));

function lossCurves() {
  const gru = decay(0.006);
  return lines({
    title: "Validation loss falls to the entropy floor",
    x: "step",
    y: "loss in nats a token",
    series: [
      { name: "bigram", x: steps, y: decay(0.002) },
      {
        name: "gru",
        x: steps,
        y: gru,
        low: gru.map((y) => y - 0.08),
        high: gru.map((y) => y + 0.1),
      },
      { name: hostile[0], x: steps, y: decay(0.01) },
    ],
    references: [{ name: "entropy floor", y: 1 }, { name: "ideal 2-gram", y: 1.3 }],
  });
}

function attention() {
  const text = [..."aaB 1</é"];
  const z = square(text.length, (i, j) => j > i ? NaN : Math.exp(-Math.abs(i - j - 2)) * 0.9);
  return heatMap({
    title: `Attention of head 1 ${hostile[1]}`,
    x: "looked at",
    y: "looking",
    z,
    columns: text,
    rows: text,
    text: z.map((row) => row.map((value) => Number.isNaN(value) ? "" : value.toFixed(2))),
    square: true,
    zmin: 0,
    zmax: 1,
    colourTitle: "weight",
  });
}

function boundary() {
  const places = Array.from({ length: 30 }, (_, i) => i / 5 - 3);
  const landscape = heatMap({
    title: "What the network answers over the plane",
    x: "x",
    y: "y",
    z: square(30, wave),
    columns: places,
    rows: places,
    colours: "diverging",
  });
  return overlay(
    landscape,
    scatter({
      title: "",
      series: [
        { name: "inside", x: [-2, 0.5, 1], y: [1, 0.2, -1], text: ["one", hostile[4], "three"] },
        { name: "outside", x: [2, 1.5], y: [1.2, 2] },
      ],
    }),
  );
}

function embeddings() {
  return scatter({
    title: "Embeddings, coloured by class",
    x: "first component",
    y: "second component",
    labels: true,
    equalAxes: true,
    series: [
      { name: "lower", x: [1, 1.2, 0.8], y: [0, 0.3, 0.1], text: ["a", "b", "<"] },
      { name: "UPPER", x: [-1, -1.2, -0.9], y: [0.5, 0.2, 0.9], text: ["A", "B", "&"] },
      { name: hostile[2], x: [0, 0.3, 0.1], y: [-1, -1.2, -0.8], text: ["0", "1", " "] },
    ],
  });
}

function accuracy() {
  return bars({
    title: "Accuracy of the models",
    y: "share of new samples in the language",
    categories: ["count-1", "count-2", "mlp", "gru", hostile[3]],
    series: [
      {
        name: "N = 3",
        values: [0.2, 0.51, 0.97, 0.985, 0.3],
        low: [0.17, 0.48, 0.95, 0.97, 0.27],
        high: [0.23, 0.54, 0.98, 0.99, 0.33],
      },
      { name: "N = 4", values: [0.1, 0.3, 0.9, 0.96, 0.2] },
    ],
    references: [{ name: "grammar", y: 1 }],
  });
}

function heads() {
  const one = (head: number) =>
    heatMap({
      title: `head ${head}`,
      z: square(8, (i, j) => j > i ? NaN : 1 / (1 + Math.abs(i - j - head))),
      columns: [..."aabbccdd"],
      rows: [..."aabbccdd"],
      zmin: 0,
      zmax: 1,
    });
  return grid({
    title: "Four heads, four habits",
    figures: [0, 1, 2, 3].map(one),
    rowHeight: 260,
  });
}

function hills() {
  const places = Array.from({ length: 25 }, (_, i) => i);
  return surface({
    title: "Loss over two weights",
    x: "first weight",
    y: "second weight",
    zTitle: "loss",
    z: square(25, wave),
    columns: places,
    rows: places,
    path: { name: "descent", x: [3, 6, 10], y: [3, 8, 16], z: [0.6, 0, -0.9] },
  });
}

function sample(text: string) {
  const values = [...text].map((_, i) => ((i * 37) % 100) / 100);
  return colouredText({
    title: "p(character):",
    text,
    values,
    marked: [...text].map((_, i) => i === 4),
    low: 0,
    high: 1,
  });
}

/** The page as text. */
export async function samplePage(): Promise<string> {
  const automaton = await graph({
    title: `The automaton ${hostile[0]}`,
    dot: `digraph { rankdir=LR; a [label=${dotText(hostile[2])} URL="javascript:alert(5)"]; ` +
      `b [shape=doublecircle]; a -> b [label=${dotText(hostile[0])}]; b -> a; b -> b }`,
  });
  return page({
    title: `Everything that can be drawn ${hostile[0]}`,
    intro: `A page for the tests.\n\nIts texts try to break out: ${hostile.join(" ")}`,
    sections: [
      { title: "Curves", text: "Loss, step by step.", items: [lossCurves(), accuracy()] },
      { title: hostile[3], items: [attention(), heads()] },
      { title: "Planes", items: [boundary(), embeddings(), hills()] },
      {
        title: "Texts",
        items: [
          sample(hostile[1]),
          htmlTable({
            caption: "Samples",
            head: ["sample", "valid", "model"],
            rows: hostile.map((text, i) => [text, i / 7, html`<code>${text}</code>`]),
          }),
          automaton,
          chooser({
            label: "Sample",
            choices: hostile.map((name) => ({ name, items: [sample(name), lossCurves()] })),
          }),
        ],
      },
    ],
  });
}
