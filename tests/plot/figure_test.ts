import { assert, assertEquals, assertFalse } from "@std/assert";
import { plotText } from "../../lib/plot/figure.ts";
import {
  bars,
  type Figure,
  figure,
  grid,
  heatMap,
  jupyterDisplay,
  lines,
  overlay,
  palette,
  scatter,
  surface,
} from "../../lib/plot/mod.ts";

type Parts = Record<string, unknown>;
const traces = (one: Figure) => one.data as Parts[];

Deno.test("a figure shows itself as Plotly JSON, with a text for terminals", () => {
  const bundle = lines({ title: "Loss", series: [{ name: "a", y: [1, 2] }] })[jupyterDisplay]();
  assertEquals(Object.keys(bundle), ["application/vnd.plotly.v1+json", "text/plain"]);
  assertEquals(bundle["text/plain"], "Figure: Loss (a)");
  const json = bundle["application/vnd.plotly.v1+json"];
  assertEquals(JSON.parse(JSON.stringify(json)), json);
});

Deno.test("figure() keeps six digits, whole numbers, and lists in place of typed arrays", () => {
  const { data } = figure([{ type: "scatter", x: new Float32Array([0.1]), y: [1234567, 1 / 3] }]);
  assertEquals(data, [{ type: "scatter", x: [0.1], y: [1234567, 0.333333] }]);
});

Deno.test("plotText() leaves nothing that Plotly reads as markup or as a value", () => {
  assertEquals(plotText("<b>&lt;%{x}\n"), "&lt;b&gt;&amp;lt;&#37;{x}<br>");
});

Deno.test("lines() draws a band as one outline, up along high and back along low", () => {
  const [band, curve] = traces(lines({
    title: "",
    series: [{ name: "a", x: [1, 2], y: [5, 6], low: [4, 5], high: [7, 8] }],
  }));
  assertEquals([band!.x, band!.y], [[1, 2, 2, 1], [7, 8, 5, 4]]);
  assertEquals([curve!.x, curve!.y], [[1, 2], [5, 6]]);
  assertEquals(band!.legendgroup, curve!.legendgroup);
});

Deno.test("lines() draws references from the first to the last position of all series", () => {
  const { data } = lines({
    title: "",
    series: [{ name: "a", x: [2, 9], y: [0, 1] }, { name: "b", y: [0, 1, 2] }],
    references: [{ name: "floor", y: 0.5 }],
  });
  const floor = (data as Parts[]).at(-1)!;
  assertEquals([floor.x, floor.y, floor.name], [[0, 9], [0.5, 0.5], "floor"]);
});

Deno.test("lines() tells the eighth series from the first by its stroke", () => {
  const series = Array.from({ length: 8 }, (_, i) => ({ name: `${i}`, y: [i] }));
  const strokes = traces(lines({ title: "", series })).map(({ line }) => line as Parts);
  assertEquals(strokes[7]!.color, strokes[0]!.color);
  assertEquals([strokes[0]!.dash, strokes[7]!.dash], ["solid", "dash"]);
  assertEquals(new Set(strokes.map(({ color, dash }) => `${color} ${dash}`)).size, 8);
});

Deno.test("lines() marks what differs from run to run", () => {
  const [first, second] = traces(lines({
    title: "",
    series: [{ name: "a", y: [1], volatile: true }, { name: "b", y: [1] }],
  }));
  assertEquals([first!.meta, second!.meta], [{ volatile: true }, undefined]);
  const whole = lines({ title: "", volatile: true, series: [] }).layout as Parts;
  assertEquals(whole.meta, { volatile: true });
});

Deno.test("heatMap() keeps equal names apart and the first row at the top", () => {
  const { data, layout } = heatMap({
    title: "",
    z: [[1, 2, 3], [4, 5, 6]],
    columns: ["a", "a", " "],
    rows: ["x", "<"],
  });
  assertEquals((data[0] as Parts).x, undefined);
  const { xaxis, yaxis } = layout;
  assertEquals([xaxis?.tickvals, xaxis?.ticktext], [[0, 1, 2], ["a", "a", "␣"]]);
  assertEquals([yaxis?.ticktext, yaxis?.autorange], [["x", "&lt;"], "reversed"]);
});

Deno.test("heatMap() takes numbers as positions, and its rows then point up", () => {
  const { data, layout } = heatMap({ title: "", z: [[1, 2]], columns: [-1, 1], rows: [0] });
  assertEquals([(data[0] as Parts).x, (data[0] as Parts).y], [[-1, 1], [0]]);
  assertEquals(layout.yaxis?.autorange, undefined);
});

Deno.test("heatMap() centres diverging colours on zero", () => {
  const [map] = traces(heatMap({ title: "", z: [[-1, 4]], colours: "diverging" }));
  assertEquals([map!.zmin, map!.zmax], [-4, 4]);
});

Deno.test("heatMap() writes text in ink that reads on each cell", () => {
  const { layout } = heatMap({ title: "", z: [[0, 1]], text: [["<", "1"]] });
  const notes = layout.annotations as { text: string; font: { color: string } }[];
  assertEquals(notes.map(({ text, font }) => [text, font.color]), [
    ["&lt;", "#ffffff"],
    ["1", "#000000"],
  ]);
});

Deno.test("scatter() gives each series a colour and a sign of its own", () => {
  const { data } = scatter({
    title: "",
    series: ["a", "b"].map((name) => ({ name, x: [1], y: [2], text: ["<"] })),
  });
  const [first, second] = (data as Parts[]).map(({ marker }) => marker as Parts);
  assertEquals([first!.color, second!.color], [palette.blue, palette.orange]);
  assert(first!.symbol !== second!.symbol);
  assertEquals((data[0] as Parts).text, ["&lt;"]);
});

Deno.test("bars() turns the ends of an interval into error bars on either side", () => {
  const { data, layout } = bars({
    title: "",
    categories: ["a", "a"],
    series: [{ name: "s", values: [4, 6], low: [3, 2], high: [6, 9] }],
    references: [{ name: "all", y: 10 }],
  });
  const { array, arrayminus } = (data[0] as Parts).error_y as Parts;
  assertEquals([array, arrayminus], [[2, 3], [1, 4]]);
  assertEquals([(data[0] as Parts).x, layout.xaxis?.ticktext], [[0, 1], ["a", "a"]]);
  assertEquals((data[1] as Parts).x, [-0.5, 1.5]);
});

Deno.test("surface() carries a way over it", () => {
  const { data } = surface({
    title: "",
    z: [[1]],
    columns: [0],
    rows: [0],
    path: { name: "way", x: [0], y: [0], z: [1] },
  });
  assertEquals((data as Parts[]).map(({ type }) => type), ["surface", "scatter3d"]);
});

Deno.test("grid() gives each figure its axes, the legend each name once, equal maps one scale", () => {
  const curve = (title: string) => lines({ title, series: [{ name: "a", y: [1] }] });
  const both = grid({ title: "both", figures: [curve("left"), curve("right")] });
  assertEquals(traces(both).map(({ xaxis }) => xaxis), ["x", "x2"]);
  assertEquals(traces(both).map(({ showlegend }) => showlegend), [true, false]);
  const { xaxis, xaxis2 } = both.layout;
  assert(xaxis!.domain![1]! < xaxis2!.domain![0]!);
  assertEquals((both.layout.annotations as Parts[]).map(({ text }) => text), ["left", "right"]);

  const map = (zmax: number) => heatMap({ title: "", z: [[1]], zmin: 0, zmax });
  const scales = (...figures: Figure[]) =>
    traces(grid({ title: "", figures })).map(({ showscale }) => showscale);
  assertEquals(scales(map(1), map(1)), [true, false]);
  assertEquals(scales(map(1), map(2)), [true, true]);
});

Deno.test("grid() keeps the cells of neighbouring rows and columns apart", () => {
  const figures = Array.from({ length: 6 }, () => lines({ title: "", series: [] }));
  const { layout } = grid({ title: "", figures, columns: 3 });
  const axes = layout as Record<string, { domain: [number, number] }>;
  const numbers = ["", "2", "3", "4", "5", "6"];
  const boxes = numbers.map((n) => [axes[`xaxis${n}`]!.domain, axes[`yaxis${n}`]!.domain] as const);
  for (const [i, [x, y]] of boxes.entries()) {
    assert(x[0] >= 0 && x[1] <= 1.000001 && y[0] >= 0 && y[1] <= 1.000001);
    for (const [ox, oy] of boxes.slice(i + 1)) {
      assert(x[1] <= ox[0] || ox[1] <= x[0] || y[1] <= oy[0] || oy[1] <= y[0]);
    }
  }
});

Deno.test("overlay() draws in the frame of the first, with a legend clear of the scale", () => {
  const points = scatter({
    title: "points",
    series: ["a", "b"].map((name) => ({ name, x: [0], y: [0] })),
  });
  const both = overlay(heatMap({ title: "map", z: [[1]] }), points);
  assertEquals(traces(both).map(({ type }) => type), ["heatmap", "scatter", "scatter"]);
  assertEquals(both.layout.title, { text: "map" });
  assert(both.layout.showlegend);
  assert((both.layout.legend?.x ?? 0) > 1.1);
  assertFalse(overlay(points).layout.legend !== undefined);
});
