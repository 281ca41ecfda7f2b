/** What recurrent states learned: which state of the grammar the text is in. */
import { automatonToDot } from "../../grammar/mod.ts";
import { type Figure, graph, type PageItem, scatter } from "../../plot/mod.ts";
import {
  besideUntrained,
  observePositions,
  probeStates,
  projectToPlane,
  recoverAutomaton,
} from "../analysis/mod.ts";
import type { NeuralModel } from "../language_model.ts";
import { percent } from "../run/report.ts";
import { besides, fact } from "./format.ts";
import type { Inside } from "./inside.ts";

/** Strings that are read: enough for every state to come up hundreds of times. */
const READ = 400;

/** Points that a scatter plot shows; more hide each other. */
const DRAWN = 1500;

/** The states in the plane, what a probe reads off them, and the automaton they make. */
export async function stateItems({ model, untrained, task }: Inside): Promise<PageItem[]> {
  const { grammar, corpus } = task;
  const reading = { grammar, encoded: corpus.test.encoded.slice(0, READ), name: "hidden" };
  const { trained, ...others } = await besideUntrained(model, {
    untrained,
    analyse: async (model: NeuralModel) => {
      const points = await observePositions(model, reading);
      const recovered = await recoverAutomaton(model, reading);
      return { points, probe: probeStates(points), recovered };
    },
  });
  const { points, probe, recovered } = trained;
  const { x, y, explained } = projectToPlane(points.rows.slice(0, DRAWN));
  const states = points.states.slice(0, DRAWN);
  const labels = grammar.automaton.states.map(({ label }) => label || "start");
  return [
    statesFigure({ x, y, states, labels }),
    fact(
      `A linear probe reads the grammar's state off the model's, on strings that it was not ` +
        `fitted on, with an accuracy of ${percent(probe.accuracy)} (` +
        `${
          besides(others, ({ probe }) => percent(probe.accuracy))
        }, always guessing the most frequent one ` +
        `${percent(probe.baseline)}). The picture shows ${percent(explained)} of all differences.`,
    ),
    await graph({
      dot: automatonToDot(recovered.automaton, "Found in the model"),
      title: "The automaton that the model made up for itself",
    }),
    fact(
      `Vectors that lie together, predict alike and lead to alike ones are taken for one state. ` +
        `States found: ${recovered.automaton.states.length}, of the grammar: ${labels.length}. ` +
        `At ${percent(recovered.agreement)} of all positions the model deems possible exactly ` +
        `what is (${
          besides(others, ({ recovered: { agreement, automaton } }) =>
            `${percent(agreement)} and ${automaton.states.length} states`)
        }, by the best constant guess ` +
        `${percent(recovered.baseline)}).`,
    ),
    await graph({ dot: automatonToDot(grammar.automaton, "The grammar"), title: "The true one" }),
  ];
}

function statesFigure(
  { x, y, states, labels }: { x: number[]; y: number[]; states: number[]; labels: string[] },
): Figure {
  const used = labels.keys().filter((state) => states.includes(state)).toArray();
  const of = (state: number) => states.keys().filter((i) => states[i] === state).toArray();
  const most = 14; // more names than this are no legend
  return scatter({
    title: "The model's state after each character, coloured by the grammar's",
    equalAxes: true,
    series: used.slice(0, most).map((state) => ({
      name: labels[state]!,
      x: of(state).map((i) => x[i]!),
      y: of(state).map((i) => y[i]!),
      size: 6,
    })),
  });
}
