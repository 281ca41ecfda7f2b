/// <reference lib="dom" />
/** The typed characters as a row of buttons, each with what the model and the grammar say of it. */
import type { Grammar } from "../../grammar/mod.ts";
import type { CharacterAnalysis } from "../analysis/characters.ts";
import { element } from "./element.ts";
import { bar } from "./next_bars.ts";
import { percent, stateName, visibleCharacter } from "./words.ts";

/** What the row shows, and who is told of a choice. */
export interface PlacesOptions {
  /** Every character and, last, the end. */
  readonly characters: readonly CharacterAnalysis[];
  /** Names the states. */
  readonly grammar: Grammar;
  /** The place that is chosen. */
  readonly chosen: number;
  /** Is told the place that the reader goes to. */
  readonly onChoose: (place: number) => void;
}

/** Fills the list with a button for each place; the arrow keys go from one to the next. */
export function fillPlaces(list: HTMLElement, options: PlacesOptions): void {
  const { characters, chosen, onChoose } = options;
  const hadFocus = list.contains(document.activeElement);
  const buttons = characters.map((_, place) => placeButton(place, options));
  buttons.forEach((button, place) => {
    button.addEventListener("click", () => onChoose(place));
    button.addEventListener("keydown", (event) => {
      const next = placeAfter(event.key, { place, last: buttons.length - 1 });
      if (next === undefined) return;
      event.preventDefault();
      onChoose(next);
    });
  });
  list.replaceChildren(...buttons.map((button) => element("li", {}, [button])));
  if (hadFocus) buttons[chosen]?.focus();
}

function placeAfter(
  key: string,
  { place, last }: { place: number; last: number },
): number | undefined {
  const places: Record<string, number> = {
    ArrowLeft: Math.max(0, place - 1),
    ArrowRight: Math.min(last, place + 1),
    Home: 0,
    End: last,
  };
  return places[key];
}

function placeButton(
  place: number,
  { characters, grammar, chosen }: PlacesOptions,
): HTMLButtonElement {
  const { character, model, truth, state, reason } = characters[place]!;
  const isEnd = character === "";
  const name = isEnd ? "the end" : visibleCharacter(character);
  const label = `${name}: model ${percent(model)}, truth ${percent(truth)}` +
    (isEnd ? "" : `, then state ${stateName(grammar, state)}`) +
    (reason === null ? "" : `. Breaks the rule: ${reason}`);
  return element("button", {
    class: reason === null || isEnd ? "" : "broken",
    attributes: {
      type: "button",
      title: label,
      "aria-label": label,
      "aria-pressed": `${place === chosen}`,
      tabindex: place === chosen ? "0" : "-1",
    },
  }, [
    element("b", { text: visibleCharacter(character) }),
    bar("model", model),
    bar("truth", truth),
    element("small", { text: isEnd ? "end" : stateName(grammar, state) }),
  ]);
}
