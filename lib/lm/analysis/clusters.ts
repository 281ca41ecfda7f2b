/** Vectors that lie together, and which of these clusters do the same. */
import { largestOf, smallestOf } from "../../extremes.ts";
import { kmeans } from "ml-kmeans";

/** What a cluster of vectors does. */
export interface Cluster {
  /** The points that belong to it. */
  readonly members: number[];
  /** Mean prediction of each symbol, and of the end at last. */
  readonly prediction: number[];
  /** The cluster that a symbol leads to most often; −1 where it never came. */
  readonly targets: number[];
}

/** What is predicted with less is not meant to follow. */
export const LIKELY = 0.03;

const CLUSTERS = 32; // more than there are states, since one state may fill several
const MOST_POINTS = 4000; // k-means over more takes seconds and finds the same
const ALIKE = 0.15; // total variation up to which two predictions are taken for equal

/** The clusters of all points, found on the first {@linkcode MOST_POINTS}. */
export function clusterPoints(rows: readonly Float32Array[]): number[] {
  const data = rows.map((row) => Array.from(row));
  const some = data.slice(0, MOST_POINTS);
  const distinct = new Set(some.map((row) => row.join())).size;
  const { centroids } = kmeans(some, Math.min(CLUSTERS, distinct), {
    seed: 1,
    maxIterations: 50,
    initialization: "kmeans++",
  });
  const distance = (row: number[], centroid: number[]) =>
    row.reduce((sum, value, i) => sum + (value - centroid[i]!) ** 2, 0);
  return data.map((row) => {
    const distances = centroids.map((centroid) => distance(row, centroid));
    return distances.indexOf(smallestOf(distances));
  });
}

/** What each cluster predicts, and where each symbol leads from it. */
export function describeClusters(
  { assignment, predictions, symbols }: {
    assignment: number[];
    predictions: number[][];
    symbols: number[];
  },
): Cluster[] {
  const classes = predictions[0]!.length;
  const count = largestOf(assignment) + 1;
  return Array.from({ length: count }, (_, cluster) => {
    const members = assignment.keys().filter((i) => assignment[i] === cluster).toArray();
    const prediction = Array.from(
      { length: classes },
      (_, symbol) => members.reduce((sum, i) => sum + predictions[i]![symbol]!, 0) / members.length,
    );
    const targets = Array.from({ length: classes - 1 }, (_, symbol) =>
      mostFrequent(
        // The next position belongs to the same string unless it reads the start token.
        members.filter((i) => symbols[i + 1] === symbol).map((i) => assignment[i + 1]!),
      ));
    return { members, prediction, targets };
  });
}

/** The value that comes most often, −1 of none. */
export function mostFrequent(values: number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((best, [value, count]) => count > best[1] ? [value, count] : best, [
    -1,
    0,
  ])[0];
}

/** The group of each cluster: first by prediction, then split until all of a group lead alike. */
export function mergeAlike(clusters: readonly Cluster[]): number[] {
  const bySize = clusters.keys().toArray()
    .sort((a, b) => clusters[b]!.members.length - clusters[a]!.members.length);
  let groups = group(
    bySize,
    (a, b) => variation(clusters[a]!.prediction, clusters[b]!.prediction) <= ALIKE,
  );
  for (;;) {
    const before = groups;
    const leadsAlike = (a: number, b: number) =>
      clusters[a]!.targets.every((target, symbol) => {
        const other = clusters[b]!.targets[symbol]!;
        const likely = clusters[a]!.prediction[symbol]! > LIKELY &&
          clusters[b]!.prediction[symbol]! > LIKELY;
        return !likely || target < 0 || other < 0 || before[target] === before[other];
      });
    groups = group(bySize, (a, b) => before[a] === before[b] && leadsAlike(a, b));
    if (new Set(groups).size === new Set(before).size) return groups;
  }
}

/** Puts each item into the first group whose first member is alike. */
function group(items: number[], alike: (a: number, b: number) => boolean): number[] {
  const firsts: number[] = [];
  const groups: number[] = [];
  for (const item of items) {
    const found = firsts.findIndex((first) => alike(first, item));
    groups[item] = found >= 0 ? found : firsts.push(item) - 1;
  }
  return groups;
}

function variation(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / 2;
}
