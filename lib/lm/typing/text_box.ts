/// <reference lib="dom" />
/**
 * A box to type in: under each character what a model gave it, what it was truly worth and the state of
 * the grammar's automaton after it; for the place that is chosen, what may come there and what the model
 * looks at. It needs a document, nothing else.
 */
import type { Grammar } from "../../grammar/mod.ts";
import { createParts, fillSelect, say } from "./parts.ts";
import { placeDetail } from "./place_detail.ts";
import { fillPlaces } from "./places.ts";
import type { Predictor } from "./predictor.ts";
import { chanceInWords, type Reading, readText } from "./reading.ts";
import { verdictInWords } from "./words.ts";

/** A model that can be chosen. */
export interface TextBoxModel {
  /** Its name in the list. */
  readonly name: string;
  /** What it says of a text. */
  readonly predict: Predictor;
}

/** What a box shows. */
export interface TextBoxState {
  /** The language. */
  readonly grammar: Grammar;
  /** Who predicts; the reader chooses among several. At least one. */
  readonly models: readonly TextBoxModel[];
  /** What stands in the box. */
  readonly text: string;
}

/** What a box starts with. */
export interface TextBoxOptions extends TextBoxState {
  /** Is told each text that was typed. */
  readonly onText?: (text: string) => void;
}

/** A box on a page. */
export interface TextBox {
  /** To be put on the page, under `textBoxStyle`. */
  readonly element: HTMLElement;
  /** Shows something else; what is not named stays. Resolves when it is shown. */
  show(change: Partial<TextBoxState>): Promise<void>;
  /** Asks the model again, as when it has learned more. Resolves when that is shown. */
  refresh(): Promise<void>;
}

/** Makes a box; it draws itself when its model has answered. */
export function createTextBox(options: TextBoxOptions): TextBox {
  const parts = createParts();
  let state: TextBoxState = options;
  let place = Infinity; // the last one, until the reader goes elsewhere
  let asked = 0;

  async function refresh(): Promise<void> {
    const question = ++asked;
    const { grammar, models, text } = state;
    const { name, predict } = models[Math.max(0, parts.select.selectedIndex)] ?? models[0]!;
    try {
      const reading = await readText(text, { grammar, predict });
      if (question === asked) draw(reading); // else another text was typed meanwhile
    } catch (error) {
      if (question === asked) say(parts.chance, `${name} fails: ${(error as Error).message}`);
    }
  }

  function draw(reading: Reading): void {
    const { grammar, text, characters } = reading;
    const verdict = verdictInWords(text, { grammar });
    say(parts.verdict, verdict);
    parts.verdict.classList.toggle("wrong", verdict.startsWith("Breaks"));
    say(parts.chance, chanceInWords(reading));
    const last = characters.length - 1;
    const chosen = Math.min(place, last);
    const onChoose = (next: number) => {
      place = next === last ? Infinity : next;
      draw(reading);
    };
    fillPlaces(parts.places, { characters, grammar, chosen, onChoose });
    parts.detail.replaceChildren(...placeDetail(chosen, reading));
  }

  async function show(change: Partial<TextBoxState>): Promise<void> {
    state = { ...state, ...change };
    if (change.models) fillSelect(parts, change.models.map(({ name }) => name));
    if (change.text !== undefined) parts.input.value = change.text;
    await refresh();
  }

  parts.input.addEventListener("input", () => {
    place = Infinity;
    state = { ...state, text: parts.input.value };
    options.onText?.(state.text);
    refresh();
  });
  parts.select.addEventListener("change", refresh);
  show(state);
  return { element: parts.element, show, refresh };
}
