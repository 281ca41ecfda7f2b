/// <reference lib="dom" />
/** What may come at one place of a text, and what the model looks at there. */
import { attentionTable } from "./attention_table.ts";
import { element } from "./element.ts";
import { nextBars } from "./next_bars.ts";
import type { Reading } from "./reading.ts";
import { visibleCharacter } from "./words.ts";

/** Said where the rule is broken before. */
const LOST = "The rule is broken before this place, so nothing is right here any more: " +
  "the model guesses on alone.";

/** What may come at a place, and what the heads look at there. */
export function placeDetail(
  place: number,
  { grammar, prediction, characters, known }: Reading,
): HTMLElement[] {
  const before = characters.slice(0, place).map(({ character }) => character);
  const shown = before.map(visibleCharacter).join("");
  const title = element("h3", {
    text: place === 0 ? "How a string begins" : `What comes after “${shown}”`,
  });
  if (place > known) {
    return [
      title,
      element("p", {
        text: "The model has no number for a character before, so it cannot read on.",
      }),
    ];
  }
  const width = grammar.alphabet.length + 1;
  const state = place === 0 ? grammar.start : characters[place - 1]!.state;
  const bars = nextBars(grammar, {
    model: prediction.probabilities.subarray(place * width, (place + 1) * width),
    truth: state === null ? null : grammar.probabilities(state),
  });
  const heads = prediction.attention;
  return [
    title,
    ...state === null ? [element("p", { text: LOST })] : [],
    bars,
    ...heads.length > 0 ? [attentionTable(heads, { characters: before, place })] : [],
  ];
}
