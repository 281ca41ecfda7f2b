/// <reference lib="dom" />
/** The six experiments, a button each, and what is said of the chosen one. */
import type { Experiment } from "../experiments.ts";
import { element, say } from "./dom.ts";

/** The buttons and the words. */
export interface ExperimentList {
  readonly root: HTMLElement;
  /** Marks the one that is under way, if any. */
  show(id: string | undefined): void;
}

/** A list of experiments. */
export function createExperiments(
  list: readonly Experiment[],
  choose: (chosen: Experiment) => void,
): ExperimentList {
  const buttons = list.map((one, i) => {
    const button = element("button", {
      type: "button",
      id: `experiment-${one.id}`,
      "aria-pressed": "false",
    });
    button.append(element("b", {}, `${i + 1}`), ` ${one.title}`);
    button.addEventListener("click", () => choose(one));
    return button;
  });
  const before = element("p", { class: "before" });
  const question = element("p", { class: "question" });
  const words = element("div", { class: "words", role: "status" }, before, question);
  return {
    root: element("div", {}, element("div", { class: "buttons" }, ...buttons), words),
    show: (id) => {
      const chosen = list.find((one) => one.id === id);
      list.forEach((one, i) => buttons[i]!.setAttribute("aria-pressed", `${one.id === id}`));
      words.hidden = chosen === undefined;
      say(before, chosen?.before ?? "");
      say(question, chosen ? `Then ask yourself: ${chosen.question}` : "");
    },
  };
}
