/** What a model lets follow after every short word: the automaton that it writes by. */
import { automatonToDot, type Grammar } from "../../grammar/mod.ts";
import { graph, type PageItem } from "../../plot/mod.ts";
import { besideUntrained, type QuestionedAutomaton, questionModel } from "../analysis/mod.ts";
import { fact } from "./format.ts";
import type { Inside } from "./inside.ts";

/** The automaton found by asking, whether it is the grammar's, and where not. */
export async function questionItems({ model, untrained, task }: Inside): Promise<PageItem[]> {
  const { grammar } = task;
  const { trained, untrained: before, shuffled } = await besideUntrained(model, {
    untrained,
    analyse: (model) => questionModel(model, { grammar }),
  });
  return [
    await graph({
      dot: automatonToDot(trained.automaton, "Found by asking"),
      title: "The automaton that the model writes by",
    }),
    fact(
      `Asked what may follow ${trained.questions} words, the model ${verdict(trained, grammar)}. ` +
        `Before training it ${verdict(before, grammar)}. With shuffled weights it ` +
        `${verdict(shuffled, grammar)}.`,
    ),
  ];
}

function verdict(
  { difference, depth, automaton }: QuestionedAutomaton,
  { symbols }: Grammar,
): string {
  const states = `${automaton.states.length} state${automaton.states.length === 1 ? "" : "s"}`;
  if (difference === null) {
    return `answers as the grammar does after every word of at most ${depth} symbols, and the ` +
      `automaton of ${states} that explains its answers is the grammar's`;
  }
  const { text, model, truth } = difference;
  const wordOf = (name: string) =>
    symbols.find((symbol) => symbol.name === name)?.many ?? "the end";
  const list = (names: readonly string[]) => names.map(wordOf).join(", ") || "nothing";
  return `differs from the grammar first after ${
    text === "" ? "nothing" : `“${text}”`
  }, where it ` +
    `lets follow: ${list(model)}; what may follow: ${list(truth)}`;
}
