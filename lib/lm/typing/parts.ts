/// <reference lib="dom" />
/** The elements of a box, before anything is known. */
import { element } from "./element.ts";

/** The longest text that can be typed. */
const LONGEST = 120;

/** What a box is made of. */
export interface Parts {
  readonly element: HTMLElement;
  readonly input: HTMLInputElement;
  readonly chooser: HTMLElement;
  readonly select: HTMLSelectElement;
  readonly verdict: HTMLElement;
  readonly chance: HTMLElement;
  readonly places: HTMLElement;
  readonly detail: HTMLElement;
}

/** Makes them. */
export function createParts(): Parts {
  const input = element("input", {
    attributes: {
      ...{ type: "text", maxlength: `${LONGEST}`, autocomplete: "off", autocapitalize: "off" },
      ...{ spellcheck: "false", autocorrect: "off" },
    },
  });
  const select = element("select");
  const chooser = element("label", { text: "Model" }, [select]);
  const parts = {
    ...{ input, select, chooser },
    verdict: element("p", { class: "verdict", attributes: { role: "status" } }),
    chance: element("p"),
    places: element("ol", { attributes: { "aria-label": "Characters, and the end" } }),
    detail: element("div"),
  };
  const box = element("div", { class: "typed" }, [
    chooser,
    element("label", { text: "Text" }, [input]),
    ...[parts.verdict, parts.chance, legend(), parts.places, parts.detail],
  ]);
  return { ...parts, element: box };
}

function legend(): HTMLElement {
  return element("p", { class: "legend" }, [
    element("i", { class: "model" }),
    document.createTextNode("what the model gave it"),
    element("i", { class: "truth" }),
    document.createTextNode("what is true; below, the state of the grammar’s automaton"),
  ]);
}

/** Lists the names of models; the chosen one stays chosen if it is among them. */
export function fillSelect({ chooser, select }: Parts, names: readonly string[]): void {
  const chosen = select.value;
  select.replaceChildren(...names.map((text) => element("option", { text })));
  const again = names.indexOf(chosen);
  if (again >= 0) select.selectedIndex = again;
  chooser.hidden = names.length < 2;
}

/** A reader that speaks hears only what has changed. */
export function say(place: HTMLElement, text: string): void {
  if (place.textContent !== text) place.textContent = text;
}
