/**
 * The automaton that a model has made up for itself, read out of its vectors.
 *
 * Nearby vectors are taken for one state (k-means). What the model predicts there, and where it goes
 * with each symbol, says which of these states are really the same: those that predict alike and lead
 * to alike ones. That is Moore's minimisation of automata (1956), with "alike" for "equal".
 */
import { kmeans } from "ml-kmeans";
import type { Automaton, Grammar } from "../../grammar/mod.ts";
import type { NeuralModel } from "../model.ts";
import { observePositions } from "./observe.ts";

/** An automaton found in a model. */
export interface RecoveredAutomaton {
  /** Its states and arrows, as the grammar's are written; reasons are empty. */
  readonly automaton: Automaton;
  /** Share of positions in its states, by true state: [found, true]. */
  readonly overlap: number[][];
  /** Share of positions at which exactly the symbols (and end) that may follow are predicted. */
  readonly agreement: number;
}

/** What a cluster of vectors does. */
interface Cluster {
  readonly members: number[];
  /** Mean prediction of each symbol, and of the end at last. */
  readonly prediction: number[];
  /** The cluster that a symbol leads to most often; −1 where it never came. */
  readonly targets: number[];
}

const CLUSTERS = 32; // more than there are states, since one state may fill several
const MOST_POINTS = 4000; // k-means over more takes seconds and finds the same
const ALIKE = 0.15; // total variation up to which two predictions are taken for equal
const LIKELY = 0.03; // what is predicted with less is not meant to follow

/**
 * Finds the automaton in the vectors that a model has at each position.
 *
 * @param name what to observe, such as `hidden`
 */
export async function recoverAutomaton(
  model: NeuralModel,
  { grammar, encoded, name }: {
    grammar: Grammar;
    encoded: readonly Int32Array[];
    name: string;
  },
): Promise<RecoveredAutomaton> {
  const points = await observePositions(model, { grammar, encoded, name });
  const logits = await observePositions(model, { grammar, encoded, name: "logits" });
  const predictions = logits.rows.map((row) => bySymbol(row, { model, grammar }));
  const assignment = cluster(points.rows);
  const symbols = points.tokens.map((token) => symbolOf(token, { model, grammar }));
  const clusters = describe({ assignment, predictions, symbols });
  const groups = mergeAlike(clusters);
  const stateOf = assignment.map((cluster) => groups[cluster]!);
  const order = [...new Set(stateOf)]; // the first position is the start
  const found = stateOf.map((group) => order.indexOf(group));
  const states = grammar.automaton.states.length;
  return {
    automaton: toAutomaton({ grammar, clusters, groups, order }),
    overlap: order.map((_, state) =>
      Array.from(
        { length: states },
        (_, truth) =>
          found.filter((other, i) => other === state && points.states[i] === truth).length /
          found.length,
      )
    ),
    agreement: agreement({ grammar, predictions, states: points.states }),
  };
}

/** The clusters of all points, found on the first {@linkcode MOST_POINTS}. */
function cluster(rows: readonly Float32Array[]): number[] {
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
    return distances.indexOf(Math.min(...distances));
  });
}

/** P(symbol) and, at last, P(end) from a row of logits. */
function bySymbol(
  row: Float32Array,
  { model, grammar }: { model: NeuralModel; grammar: Grammar },
): number[] {
  const largest = Math.max(...row);
  const weights = Array.from(row, (logit) => Math.exp(logit - largest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const sums = new Array<number>(grammar.symbols.length + 1).fill(0);
  weights.forEach((weight, token) => sums[symbolOf(token, { model, grammar })]! += weight / total);
  return sums;
}

/** The symbol's index of a token; the number of symbols for the end. */
function symbolOf(
  token: number,
  { model, grammar }: { model: NeuralModel; grammar: Grammar },
): number {
  if (token === model.vocabulary.end) return grammar.symbols.length;
  return grammar.symbols.indexOf(grammar.symbolOf(model.vocabulary.symbol(token))!);
}

function describe(
  { assignment, predictions, symbols }: {
    assignment: number[];
    predictions: number[][];
    symbols: number[];
  },
): Cluster[] {
  const classes = predictions[0]!.length;
  const count = Math.max(...assignment) + 1;
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

function mostFrequent(values: number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((best, [value, count]) => count > best[1] ? [value, count] : best, [
    -1,
    0,
  ])[0];
}

/** The group of each cluster: first by prediction, then split until all of a group lead alike. */
function mergeAlike(clusters: readonly Cluster[]): number[] {
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

function toAutomaton(
  { grammar, clusters, groups, order }: {
    grammar: Grammar;
    clusters: readonly Cluster[];
    groups: readonly number[];
    order: readonly number[];
  },
): Automaton {
  const states = order.map((group, index) => {
    const members = clusters.filter((_, i) => groups[i] === group);
    const total = members.reduce((sum, { members }) => sum + members.length, 0);
    const mean = grammar.symbols.map((_, symbol) =>
      members.reduce(
        (sum, { members, prediction }) => sum + members.length * prediction[symbol]!,
        0,
      ) / total
    );
    const end = 1 - mean.reduce((sum, value) => sum + value, 0);
    const arrows = mean.flatMap((probability, symbol) => {
      const targets = members.flatMap(({ targets, members }) =>
        targets[symbol]! < 0
          ? []
          : new Array<number>(members.length).fill(groups[targets[symbol]!]!)
      );
      if (probability <= LIKELY || targets.length === 0) return [];
      return [{ symbol, probability, target: order.indexOf(mostFrequent(targets)) }];
    });
    return {
      label: index === 0 ? "" : `${index}`,
      end: end > LIKELY ? end : 0,
      arrows,
      reason: () => "",
    };
  });
  return { symbols: grammar.symbols, states };
}

function agreement(
  { grammar, predictions, states }: {
    grammar: Grammar;
    predictions: readonly number[][];
    states: readonly number[];
  },
): number {
  const right = predictions.filter((prediction, i) => {
    const { arrows, end } = grammar.automaton.states[states[i]!]!;
    const allowed = new Set(arrows.map(({ symbol }) => symbol));
    if (end > 0) allowed.add(grammar.symbols.length);
    return prediction.every((probability, symbol) =>
      (probability > LIKELY) === allowed.has(symbol)
    );
  });
  return right.length / predictions.length;
}
