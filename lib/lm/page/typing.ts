/** A box to type in, for pages and notebooks: what trained models make of any text. */
import type { Grammar } from "../../grammar/mod.ts";
import {
  html,
  type HtmlFragment,
  htmlTable,
  type Program,
  program,
  type Section,
} from "../../plot/mod.ts";
import { encodeModel } from "../checkpoint/mod.ts";
import { isNeural, type LanguageModel, type NeuralModel } from "../language_model.ts";
import { type CountModel, isCounted } from "../models/count_ngram.ts";
import type { GrammarMilestone } from "../run/milestone.ts";
import { predictorOf, textBoxStyle } from "../typing/mod.ts";
import { packedBox } from "../typing/program.ts";
import { type Reading, readText } from "../typing/reading.ts";
import type { TypedText } from "../typing/typed_text.ts";
import { percent, stateName, verdictInWords, visibleCharacter } from "../typing/words.ts";
import { fact } from "./format.ts";

/** Larger models are left out: a page must open at once. */
const MOST_BYTES = 250_000;

/** A model whose weights or counts a page can carry. */
export type Portable = NeuralModel | CountModel;

/** What is typed into, and what stands there at first. */
export interface TypingOptions {
  /** The language. */
  grammar: Grammar;
  /** Who predicts; those without weights or counts are left out. At least one has some. */
  models: readonly LanguageModel[];
  /** The first text. */
  text: string;
}

/**
 * A box to type in, which works without a kernel and without a network: the models' weights are inside, and
 * this library, as a script, runs them. Without scripts a table shows the first text.
 */
export async function textBox({ grammar, models, text }: TypingOptions): Promise<Program> {
  const portable = models.filter(isPortable);
  const carried = await Promise.all(portable.map(async (model) => ({
    name: model.name,
    weights: (await encodeModel(model)).toBase64(),
  })));
  const data: TypedText = { family: grammar.family, n: grammar.n, models: carried, text };
  const predict = predictorOf(portable[0]!, { alphabet: grammar.alphabet });
  return program({
    code: { name: "typed-text", packed: packedBox, style: textBoxStyle },
    data,
    fallback: readingTable(await readText(text, { grammar, predict }), portable[0]!.name),
    title: `A box to type in, with ${portable.map(({ name }) => name).join(", ")}`,
    height: portable.some(({ architecture }) => architecture === "transformer") ? 660 : 560,
  });
}

/** One reading as a table, a column for each character. */
function readingTable({ grammar, text, characters }: Reading, name: string): HtmlFragment {
  const row = (head: string, cell: (one: Reading["characters"][number]) => string) => [
    head,
    ...characters.map(cell),
  ];
  const table = htmlTable({
    caption: `What ${name} gave each character, and the end, beside what is true`,
    head: row("", ({ character }) => visibleCharacter(character)),
    rows: [
      row("model", ({ model }) => percent(model)),
      row("truth", ({ truth }) => percent(truth)),
      row("state after it", ({ state }) => stateName(grammar, state)),
    ],
  });
  return html`${table}<p>${verdictInWords(text, { grammar })}</p>`;
}

/** The section of a run's page in which its reader types. */
export async function typingSection(
  { models, task: { grammar, corpus } }: GrammarMilestone,
): Promise<Section> {
  const sized = await Promise.all(
    models.map(({ model }) => model).filter(isPortable).map(async (model) => ({
      model,
      bytes: (await encodeModel(model)).length,
    })),
  );
  const carried = sized.filter(({ bytes }) => bytes <= MOST_BYTES).map(({ model }) => model);
  const left = sized.filter(({ bytes }) => bytes > MOST_BYTES).map(({ model: { name } }) => name);
  if (carried.length === 0) throw new RangeError("no model of the run is small enough");
  return {
    title: "Type a string",
    text: "The models of this run are in this page, and answer while you type.",
    items: [
      await textBox({
        grammar,
        models: carried.toReversed(),
        text: firstText(corpus.test.strings),
      }),
      ...left.length === 0 ? [] : [fact(`Too large to be carried here: ${left.join(", ")}.`)],
    ],
  };
}

/** A string of a pleasant length, and one that follows the rule. */
function firstText(strings: readonly string[]): string {
  return strings.find(({ length }) => length >= 6 && length <= 12) ?? strings[0]!.slice(0, 12);
}

/** Whether a page can carry a model. */
export function isPortable(model: LanguageModel): model is Portable {
  return isNeural(model) || isCounted(model);
}
