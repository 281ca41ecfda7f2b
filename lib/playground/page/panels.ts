/// <reference lib="dom" />
/** A column for each model: its verdict, what it writes, and what is inside. */
import type { Grammar } from "../../grammar/mod.ts";
import { createAttentionView } from "./attention.ts";
import { lookAt } from "./class_session.ts";
import { element, replace, say } from "./dom.ts";
import { count } from "./format.ts";
import type { Lane } from "./lane.ts";
import { createEmbeddingMap, createStateMap } from "./maps.ts";
import { colourOf, letters, sizedTitle } from "./models.ts";
import { samplesList } from "./samples.ts";
import type { Ink } from "./theme.ts";
import { verdict } from "./verdict.ts";

/** The column of one model. */
export interface Panel {
  readonly root: HTMLElement;
  /** Shows the model as it was at a step; draws nothing that is shown already. */
  draw(lane: Lane, at: { step: number; ink: Ink }): void;
  /** Whether there is nothing new to be drawn. */
  shows(lane: Lane, step: number): boolean;
  /** Draws all anew, as when colours have changed. */
  stale(): void;
}

/** An empty column. */
export function createPanel(index: number, grammar: Grammar): Panel {
  const heading = element("h3", {});
  heading.style.borderColor = colourOf(index);
  const when = element("p", { class: "note" });
  const judged = element("div", {});
  const written = element("div", {});
  const [embedding, states, attention] = [
    createEmbeddingMap(),
    createStateMap(),
    createAttentionView(),
  ];
  const root = element(
    "section",
    { class: "panel", "aria-label": `Model ${letters[index]}` },
    ...[heading, when, judged, element("h4", {}, "What it writes"), written],
    ...[element("h4", {}, "What is inside")],
    element("div", { class: "inside" }, states.root, embedding.root, attention.root),
    element(
      "p",
      { class: "note inside-none" },
      "A bigram is a table and nothing more: there is nothing inside to look at.",
    ),
  );
  let shown: unknown;
  let told = ""; // what went wrong, as it is shown
  return {
    root,
    stale: () => shown = undefined,
    shows: (lane, step) => shown === lookAt(lane, step) && lane.problem === told,
    draw: (lane, { step, ink }) => {
      const { opened, problem, lesson } = lane;
      say(heading, `${letters[index]} · ${sizedTitle(lesson.model, opened)}`);
      const look = lookAt(lane, step);
      told = problem;
      if (problem) say(when, problem);
      if (!look || !opened || shown === look) return;
      shown = look;
      if (!problem) say(when, momentOf(look));
      replace(judged, verdict(look, opened));
      replace(written, samplesList(look.samples));
      embedding.draw(look.embedding, { grammar, ink });
      states.draw(look.states, { grammar, ink });
      attention.draw(look.attention, { colour: colourOf(index), ink });
      root.classList.toggle("hollow", !look.embedding && !look.states && !look.attention);
    },
  };
}

function momentOf({ step, seconds }: { step: number; seconds: number }): string {
  if (step === 0) return "Before training";
  return `After step ${count(step)}, ${seconds.toFixed(1)} s of training`;
}
