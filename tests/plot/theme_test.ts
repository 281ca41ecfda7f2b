import { assert, assertEquals, assertGreaterOrEqual } from "@std/assert";
import { colourAt, colourScales, inkOn, scaleEnds } from "../../lib/plot/colour_scale.ts";
import { colourway, inks } from "../../lib/plot/theme.ts";

/** Relative luminance and contrast of WCAG 2, written out from its definition. */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4) as [
      number,
      number,
      number,
    ];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light! + 0.05) / (dark! + 0.05);
}

const editors = ["#ffffff", "#1e1e1e"];

Deno.test("text reads on its page, and in a notebook on white and on the editors' black", () => {
  assertGreaterOrEqual(contrast(inks.light.text, inks.light.card), 7);
  assertGreaterOrEqual(contrast(inks.dark.text, inks.dark.card), 7);
  for (const page of editors) assertGreaterOrEqual(contrast(inks.anywhere.text, page), 4);
});

Deno.test("every series colour can be seen on white and on black", () => {
  for (const colour of colourway) {
    for (const page of editors) assertGreaterOrEqual(contrast(colour, page), 2.2, colour);
  }
});

Deno.test("the sequential scale grows lighter all the way, the diverging one towards its middle", () => {
  const rising = (colours: string[]) =>
    colours.every((colour, i) => i === 0 || luminance(colour) > luminance(colours[i - 1]!));
  const { sequential, diverging } = colourScales;
  assert(rising([...sequential]));
  assert(rising(diverging.slice(0, 5)));
  assert(rising(diverging.slice(4).reverse()));
});

Deno.test("colourAt() meets the stops, mixes between them and stays within the ends", () => {
  assertEquals(colourAt("sequential", 0), "#440154");
  assertEquals(colourAt("sequential", 1), "#fde725");
  assertEquals(colourAt("diverging", 0.5), "#f5f5f5");
  assertEquals(colourAt("diverging", 0.0625), "#005f95");
  assertEquals(colourAt("sequential", -3), "#440154");
  assertEquals(colourAt("sequential", 7), "#fde725");
  assertEquals(colourAt("sequential", NaN), "#440154");
});

Deno.test("inkOn() reads on every colour of both scales", () => {
  for (let step = 0; step <= 100; step++) {
    for (const name of ["sequential", "diverging"] as const) {
      const colour = colourAt(name, step / 100);
      assertGreaterOrEqual(contrast(inkOn(colour), colour), 4.5, colour);
    }
  }
});

Deno.test("scaleEnds() takes the range of finite values, or what it is given", () => {
  assertEquals(scaleEnds([3, NaN, -1, Infinity], { colours: "sequential" }), [-1, 3]);
  assertEquals(scaleEnds([3, -1], { colours: "diverging" }), [-3, 3]);
  assertEquals(scaleEnds([1, -3], { colours: "diverging" }), [-3, 3]);
  assertEquals(scaleEnds([3, -1], { colours: "sequential", low: 0 }), [0, 3]);
  assertEquals(scaleEnds([], { colours: "sequential" }), [0, 1]);
});
