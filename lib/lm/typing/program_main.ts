/// <reference lib="dom" />
/**
 * The box as a program of a page: it fills each place that waits for one with the models whose weights
 * the page carries. `deno task build:box` makes `program.ts` of it.
 */
import { createGrammar } from "../../grammar/mod.ts";
import { ready } from "../../tensor/mod.ts";
import { decodeModel } from "../checkpoint/model_bytes.ts";
import { element } from "./element.ts";
import { predictorOf } from "./predictor.ts";
import type { TypedText } from "./typed_text.ts";
import { createTextBox } from "./text_box.ts";

/** Puts a box in a place, before what stands there for those without scripts. */
function fill(place: Element): void {
  const data: TypedText = JSON.parse(place.querySelector("script")!.textContent!);
  const grammar = createGrammar(data.family, data.n);
  const models = data.models.map(({ name, weights }) => {
    const bytes = Uint8Array.from(atob(weights), (character) => character.charCodeAt(0));
    const model = decodeModel(bytes);
    return { name, predict: predictorOf(model, { alphabet: grammar.alphabet }) };
  });
  place.replaceChildren(createTextBox({ grammar, models, text: data.text }).element);
}

/** As `fill`; where that fails, what stands there stays, and the reason comes before it. */
function fillOrTell(place: Element): void {
  try {
    fill(place);
  } catch (error) {
    const text = `Nothing can be typed here: ${(error as Error).message}`;
    place.prepend(element("p", { text, attributes: { role: "alert" } }));
  }
}

ready("cpu").then(() => {
  document.querySelectorAll("[data-program=typed-text]").forEach(fillOrTell);
});
