import { assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import {
  crossSection,
  defaultParaboloid,
  landscapes,
  networkGraph,
  paraboloidAt,
  residualMap,
  surfaceMaps,
  weightsByHand,
} from "../../lib/nn/mod.ts";
import { startWeights } from "./setting.ts";

const paraboloid = defaultParaboloid;
const compared = { weights: weightsByHand(paraboloid, { hidden: 8 }), paraboloid };

/** A trace's numbers: Plotly's own types leave most fields open. */
type Numbers = { name?: string; x: number[]; y: number[]; z: number[][]; scene?: string };

function traces({ data }: { data: unknown[] }): Numbers[] {
  return data as Numbers[];
}

Deno.test("residualMap() draws errors of the size that the formula says, and a line for each hinge", () => {
  const [map, up, down] = traces(residualMap(compared));
  // Between hinges 4 apart, w·x² is missed by w·4²/12 in the middle and twice that at the ends.
  const rim = (2 + 3) * 4 ** 2 / 6;
  assertAlmostEquals(map!.z[0]![0]!, -rim, 1e-3);
  assertAlmostEquals(map!.z[20]![20]!, rim / 2, 1e-3);
  assertEquals([up!.name, up!.x.filter(Number.isNaN).length], ["bends up", 8]);
  assertEquals(down!.x, []);
});

Deno.test("crossSection() shows units that add up to what was learned", () => {
  const [wanted, learned, units] = traces(crossSection(compared));
  const points = learned!.x.length;
  const height = compared.weights[1]!.bias[0]!;
  for (let i = 0; i < points; i += 40) {
    const added = Array.from({ length: 8 }, (_, unit) => units!.y[unit * (points + 1) + i]!);
    assertAlmostEquals(added.reduce((sum, y) => sum + y, height), learned!.y[i]!, 1e-2);
    assertAlmostEquals(wanted!.y[i]!, paraboloidAt(paraboloid, [wanted!.x[i]!, 0]), 1e-2);
  }
});

Deno.test("landscapes() and surfaceMaps() put the true surface beside the learned one", () => {
  for (const draw of [landscapes, surfaceMaps]) {
    const [left, right] = traces(draw(compared));
    assertAlmostEquals(left!.z[0]![0]!, 505, 1e-2);
    assertAlmostEquals(
      left!.z[0]![0]! + traces(residualMap(compared))[0]!.z[0]![0]!,
      right!.z[0]![0]!,
      1e-2,
    );
  }
  assertEquals(traces(landscapes(compared))[1]!.scene, "scene2");
});

Deno.test("networkGraph() has a circle for each number and an arrow for each weight", async () => {
  const drawing = `${await networkGraph(startWeights([2, 3, 1]))}`;
  assertEquals(drawing.match(/class="node"/g)?.length, 6);
  assertEquals(drawing.match(/class="edge"/g)?.length, 9);
  assertStringIncludes(drawing, "2 → 3 → 1: 9 weights");
});
