import { assertEquals } from "@std/assert";
import {
  type Cluster,
  clusterPoints,
  describeClusters,
  mergeAlike,
  mostFrequent,
} from "../../../lib/lm/analysis/clusters.ts";

const cluster = (prediction: number[], targets: number[]): Cluster => ({
  ...{ members: [0], prediction, targets },
});

Deno.test("mergeAlike() joins clusters that predict alike and lead to alike ones, worked by hand", () => {
  const [early, late] = [[0.9, 0, 0.1], [0, 0.5, 0.5]];
  const groups = mergeAlike([
    cluster(early, [2, -1]), // leads to one of the clusters that are alike …
    cluster(early, [3, -1]), // … and this one to the other
    cluster(late, [-1, 0]),
    cluster(late, [-1, 1]),
    cluster(early, [4, -1]), // predicts as the first, but leads to itself
  ]);
  assertEquals(groups[0], groups[1]);
  assertEquals(groups[2], groups[3]);
  assertEquals(new Set(groups).size, 3);
});

Deno.test("describeClusters() means predictions, and follows symbols within a string", () => {
  const [one, two] = describeClusters({
    assignment: [0, 1, 0, 1],
    predictions: [[1, 0], [0, 1], [0.5, 0.5], [0, 1]],
    symbols: [1, 0, 1, 0], // 1 stands for the start of a string: what is before it does not lead there
  });
  assertEquals(one, { members: [0, 2], prediction: [0.75, 0.25], targets: [1] });
  assertEquals(two!.targets, [-1]);
});

Deno.test("clusterPoints() and mostFrequent() tell what lies together, and what comes most", () => {
  const assignment = clusterPoints(
    [[0, 0], [9, 9], [0, 0.001], [9, 9.001]].map((row) => Float32Array.from(row)),
  );
  assertEquals(assignment.length, 4);
  assertEquals(new Set(assignment).size, 4, "no more clusters than points that differ");
  assertEquals([mostFrequent([3, 1, 3]), mostFrequent([])], [3, -1]);
});
