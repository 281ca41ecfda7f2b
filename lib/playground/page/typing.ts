/// <reference lib="dom" />
/** The box to type in, for the models as they were at the moment that is shown. */
import type { Grammar } from "../../grammar/mod.ts";
import { createTextBox, type TextBox, type TextBoxModel } from "../../lm/typing/text_box.ts";
import { lookAt } from "./class_session.ts";
import { element, replace } from "./dom.ts";
import type { Lane } from "./lane.ts";
import { letters, titleOf } from "./models.ts";

/** The box. */
export interface Typing {
  readonly root: HTMLElement;
  /** Starts anew with other models. */
  open(lanes: readonly Lane[], grammar: Grammar, text: string): void;
  /** Asks the models again when they are others than those that answered. */
  draw(lanes: readonly Lane[], step: number): void;
}

/** Milliseconds between two questions while training goes on: a reader needs time to look. */
const PATIENCE = 400;

/** A box that is empty until models are there. */
export function createTyping(): Typing {
  const root = element("div", { class: "card" });
  let box: TextBox | undefined;
  let asked = { key: "", at: -Infinity };
  let shown = 0; // the step whose models answer
  return {
    root,
    open: (lanes, grammar, text) => {
      asked = { key: "", at: -Infinity };
      const models = lanes.map((lane, i): TextBoxModel => ({
        name: `${letters[i]}: ${titleOf(lane.lesson.model)}`,
        predict: (text) => lane.read(text, lookAt(lane, shown)?.number ?? 0),
      }));
      if (box) box.show({ grammar, models, text });
      else replace(root, (box = createTextBox({ grammar, models, text })).element);
    },
    draw: (lanes, step) => {
      const key = lanes.map((lane) => lookAt(lane, step)?.number).join();
      const now = performance.now();
      const soon = lanes.some(({ state }) => state === "going") && now - asked.at < PATIENCE;
      if (key === asked.key || soon) return;
      asked = { key, at: now };
      shown = step;
      box?.refresh();
    },
  };
}
