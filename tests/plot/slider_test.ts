import { assertEquals, assertThrows } from "@std/assert";
import { grid, heatMap, lines, slider } from "../../lib/plot/mod.ts";

const curve = (y: number[]) => lines({ title: "", series: [{ name: "y", y }], logY: true });
const map = (z: number[][]) => heatMap({ title: "z", z, rows: ["a"], columns: ["b"] });

Deno.test("slider() has one step a state, which shows that state's traces and no other", () => {
  const both = (value: number) => grid({ title: "", figures: [curve([1, value]), map([[value]])] });
  const drawn = slider({
    title: "<b>",
    over: "step",
    states: [10, 100].map((value) => ({ name: `${value}`, figure: both(value) })),
  });
  const { sliders, title } = drawn.layout as unknown as {
    sliders: { active: number; steps: { label: string; method: string; args: unknown[] }[] }[];
    title: { text: string };
  };
  assertEquals(drawn.data.map((trace) => (trace as { visible?: boolean }).visible), [
    false,
    false,
    true,
    true,
  ]);
  assertEquals(title.text, "&lt;b&gt;");
  assertEquals(sliders[0]!.active, 1);
  assertEquals(sliders[0]!.steps.map(({ label, method, args }) => [label, method, args[0]]), [
    ["10", "restyle", { visible: [true, true, false, false] }],
    ["100", "restyle", { visible: [false, false, true, true] }],
  ]);
});

Deno.test("slider() gives curves one range over all states, in exponents on a logarithmic axis", () => {
  const states = [[1, 10], [1, 1000]].map((y, i) => ({ name: `${i}`, figure: curve(y) }));
  const { xaxis, yaxis } = slider({ title: "", over: "step", states }).layout;
  assertEquals(xaxis!.range, [0, 1]);
  assertEquals(yaxis!.range!.map((end) => Number(end).toFixed(2)), ["-0.12", "3.12"]);
});

Deno.test("slider() keeps the order of a map's rows, and wants a state", () => {
  const states = [{ name: "only", figure: map([[1]]) }];
  assertEquals(slider({ title: "", over: "step", states }).layout.yaxis!.autorange, "reversed");
  assertThrows(() => slider({ title: "", over: "step", states: [] }), RangeError, "at least one");
});

Deno.test("slider() keeps a curve that is the same in all states once, always seen", () => {
  const states = [1, 2, 3].map((step) => ({
    name: `${step}`,
    figure: lines({
      title: "",
      series: [{ name: "loss", y: [3, 2, 1] }, { name: "now", y: [step] }],
    }),
  }));
  const { data } = slider({ title: "", over: "step", states });
  assertEquals(data.map((trace) => (trace as { name?: string }).name), [
    "loss",
    "now",
    "now",
    "now",
  ]);
  assertEquals(data.map((trace) => (trace as { visible?: boolean }).visible), [
    true,
    false,
    false,
    true,
  ]);
});
