/** The sample explorer: every model's strings, character by character. */
import {
  chooser,
  colouredText,
  html,
  type HtmlFragment,
  type PageItem,
  type Section,
} from "../../plot/mod.ts";
import { analyseCharacters, type CharacterAnalysis } from "../analysis/mod.ts";
import type { LanguageModel } from "../language_model.ts";
import type { Sample } from "../sampling/sample.ts";
import type { GrammarMilestone } from "../run/milestone.ts";
import { drawn } from "./drawn.ts";

/** Strings of each model that are shown: failures first, since they tell more. */
const SHOWN = 12;

/** A string longer than this is no pleasure to look at. */
const LONGEST = 200;

/** The end of a string, as a character. */
const END = "⏎";

/** Each model's own strings, coloured by what it thought of every character. */
export async function samplesSection(milestone: GrammarMilestone): Promise<Section> {
  const choices = [];
  const written = [
    ...milestone.models.map(({ model, samples }) => ({ name: model.name, model, samples })),
    ...milestone.external,
  ];
  for (const { name, ...source } of written) {
    choices.push({ name, items: await drawn("This", () => samplesOf(source, milestone)) });
  }
  return {
    title: "What they wrote",
    text:
      "Each character is coloured by the probability that the model gave it, bright for likely. " +
      "Point at one to see that probability beside the true one. What breaks the rule is underlined, " +
      "and the reason stands below.",
    items: [chooser({ label: "Model", choices })],
  };
}

async function samplesOf(
  { model, samples }: { model?: LanguageModel; samples: readonly Sample[] },
  { task: { grammar } }: GrammarMilestone,
): Promise<PageItem[]> {
  const texts = [...new Set(samples.map(({ text }) => text))].filter((text) => text !== "");
  const legible = texts.filter((text) => text.length <= LONGEST);
  const wrong = legible.filter((text) => !grammar.check(text).valid).slice(0, SHOWN / 2);
  const right = legible.filter((text) => grammar.check(text).valid).slice(0, SHOWN - wrong.length);
  const items: PageItem[] = [];
  for (const text of [...wrong, ...right]) {
    items.push(showCharacters(await analyseCharacters(text, { grammar, model })));
  }
  return items;
}

/** One string as coloured text, with the reason if it is wrong. */
export function showCharacters(characters: readonly CharacterAnalysis[]): HtmlFragment {
  const reason = characters.find((character) => character.reason !== null)?.reason;
  const shown = colouredText({
    text: characters.map(({ character }) => character || END),
    values: characters.map(({ model }) => model ?? NaN),
    low: 0,
    high: 0.2, // a character of many alike: nearly all lie below
    hover: characters.map(({ character, model, truth }) =>
      `${character || "end"}: ${percent(model)}, truly ${
        truth === null ? "unknown" : percent(truth)
      }`
    ),
    marked: characters.map((character) => character.reason !== null),
  });
  return reason ? html`${shown}<p class="reason">${reason}</p>` : shown;
}

function percent(share: number | null): string {
  if (share === null) return "unknown";
  return `${(100 * share).toPrecision(3)} %`;
}
