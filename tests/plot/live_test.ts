import { assert, assertEquals, assertMatch } from "@std/assert";
import { lines, liveLines, type MediaBundle, show, svgLines } from "../../lib/plot/mod.ts";
import { niceTicks } from "../../lib/plot/svg_lines.ts";

const plotly = "application/vnd.plotly.v1+json";

function recorder() {
  const sent: { bundle: MediaBundle; id: string; update: boolean }[] = [];
  const sink = (bundle: MediaBundle, place: { id: string; update: boolean }) => {
    sent.push({ bundle, ...place });
    return Promise.resolve();
  };
  return { sent, sink };
}

Deno.test("liveLines() makes one place, redraws it as SVG and ends as a Plotly figure", async () => {
  const { sent, sink } = recorder();
  const live = liveLines({ title: "Loss", every: 0, sink });
  await live.add(0, { training: 3, validation: 4 });
  await live.add(1, { training: 2 });
  await live.done();
  assertEquals(sent.map(({ update }) => update), [false, true, true]);
  assertEquals(new Set(sent.map(({ id }) => id)).size, 1);
  assertEquals(sent.map(({ bundle }) => plotly in bundle), [false, false, true]);
  assert(sent.every(({ bundle }) => String(bundle["image/svg+xml"]).startsWith("<svg")));
  assertEquals(live.figure().data.map((trace) => (trace as { y: number[] }).y), [[3, 2], [4]]);
});

Deno.test("liveLines() redraws no more often than asked", async () => {
  const { sent, sink } = recorder();
  const live = liveLines({ title: "Loss", every: 1e9, sink });
  for (let step = 0; step < 50; step++) await live.add(step, { loss: 1 });
  assertEquals(sent.length, 1);
  await live.done();
  assertEquals(sent.length, 2);
});

Deno.test("liveLines() shows nothing outside a notebook", async () => {
  const live = liveLines({ title: "Loss" });
  await live.add(0, { loss: 1 });
  await live.done();
});

Deno.test("show() prints the text of a figure, a value or a graph outside a notebook", async () => {
  const printed: unknown[] = [];
  const log = console.log;
  console.log = (text) => printed.push(text);
  try {
    await show(lines({ title: "Loss", series: [] }));
    await show(42);
    await show({
      mean: 1 / 3,
      parts: [new Float32Array([0.1]), 12345.678],
      n: 206208,
      small: 1e-7 / 3,
    });
    await show({ toDot: () => "digraph { a -> b }", toString: () => "a graph" });
  } finally {
    console.log = log;
  }
  assertEquals(printed, [
    "Figure: Loss",
    42,
    { mean: 0.3333, parts: [[0.1], 12345.7], n: 206208, small: 3.333e-8 },
    "a graph",
  ]);
});

Deno.test("svgLines() puts the ends of a curve at the ends of its frame", () => {
  const drawn = svgLines({ title: "", series: [{ name: "a", x: [0, 10], y: [0, 1] }] });
  // The frame spans x from 64 to 704 and y from 256 up to 56; 5 % of it above and below is free.
  assertMatch(drawn, /<polyline points="64\.0,246\.9 704\.0,65\.1"/);
});

Deno.test("svgLines() draws logarithms, leaves out what has none, and escapes every text", () => {
  const drawn = svgLines({
    title: "<script>",
    x: `"`,
    logY: true,
    series: [{ name: "</svg>", x: [0, 1, 2], y: [1, 0, 100] }],
    references: [{ name: "<b>", y: 10 }],
  });
  assertMatch(drawn, /points="64\.0,246\.9 704\.0,65\.1"/);
  assertMatch(drawn, /<line [^>]*y1="156\.0" y2="156\.0" stroke="#808080"/);
  assertEquals(drawn.match(/<script|<b>|<\/svg>/g), ["</svg>"]);
});

Deno.test("svgLines() draws nothing at all and a single point without failing", () => {
  assertMatch(svgLines({ title: "", series: [] }), /<\/svg>$/);
  const point = svgLines({ title: "", series: [{ name: "a", y: [5] }] });
  assert(!point.includes("NaN"));
});

Deno.test("niceTicks() takes steps of 1, 2 or 5 times a power of ten", () => {
  assertEquals(niceTicks([0, 1]), [0, 0.2, 0.4, 0.6000000000000001, 0.8, 1]);
  assertEquals(niceTicks([0, 24]), [0, 5, 10, 15, 20]);
  assertEquals(niceTicks([-0.9, 0.9]), [-0.5, 0, 0.5]);
});
