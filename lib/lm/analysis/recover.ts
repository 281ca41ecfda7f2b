/**
 * The automaton that a model has made up for itself, read out of its vectors.
 *
 * Nearby vectors are taken for one state (k-means). What the model predicts there, and where it goes
 * with each symbol, says which of these states are really the same: those that predict alike and lead
 * to alike ones. That is Moore's minimisation of automata (1956), with "alike" for "equal".
 */
import type { Automaton, Grammar } from "../../grammar/mod.ts";
import type { NeuralModel } from "../language_model.ts";
import {
  type Cluster,
  clusterPoints,
  describeClusters,
  LIKELY,
  mergeAlike,
  mostFrequent,
} from "./clusters.ts";
import { observePositions } from "./observe.ts";
import { bySymbol, symbolOf } from "./symbols.ts";

/** An automaton found in a model. */
export interface RecoveredAutomaton {
  /** Its states and arrows, as the grammar's are written; reasons are empty. */
  readonly automaton: Automaton;
  /** Share of positions in its states, by true state: [found, true]. */
  readonly overlap: number[][];
  /** Share of positions at which exactly the symbols (and end) that may follow are predicted. */
  readonly agreement: number;
  /** The same for the best prediction that is the same everywhere: the chance level. */
  readonly baseline: number;
}

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
  const assignment = clusterPoints(points.rows);
  const symbols = points.tokens.map((token) => symbolOf(token, { model, grammar }));
  const clusters = describeClusters({ assignment, predictions, symbols });
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
    baseline: constantAgreement(grammar, points.states),
  };
}

/** The share of positions after which the most frequent set of symbols (and end) may follow. */
function constantAgreement(grammar: Grammar, states: readonly number[]): number {
  const counts = new Map<string, number>();
  for (const state of states) {
    const { arrows, end } = grammar.automaton.states[state]!;
    const allowed = `${arrows.map(({ symbol }) => symbol).sort()} ${end > 0}`;
    counts.set(allowed, (counts.get(allowed) ?? 0) + 1);
  }
  return counts.values().reduce((most, count) => Math.max(most, count), 0) / states.length;
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
