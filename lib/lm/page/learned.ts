/** What each architecture learned, read out of its weights and drawn with its number. */
import type { PageItem, Section } from "../../plot/mod.ts";
import { isNeural, type LanguageModel, type NeuralModel } from "../language_model.ts";
import type { Learned } from "../run/learn.ts";
import type { GrammarMilestone } from "../run/milestone.ts";
import { attentionItems } from "./attention.ts";
import { bigramItems } from "./bigram.ts";
import { drawn } from "./drawn.ts";
import { embeddingItems } from "./embeddings.ts";
import type { Inside } from "./inside.ts";
import { questionItems } from "./questions.ts";
import { stateItems } from "./states.ts";

/** What was drawn of the inside of models, by their names. */
export type Drawings = ReadonlyMap<string, readonly PageItem[]>;

/** A section for each model that has weights to look into. */
export async function learnedSections(
  { models, task, report: { seed } }: GrammarMilestone,
  known: Drawings,
): Promise<Section[]> {
  const sections: Section[] = [];
  for (const judged of models) {
    const { name } = judged.model;
    const items = known.get(name) ?? await drawInside(judged, { task, seed });
    if (items.length > 0) sections.push({ title: `Inside ${name}`, items: [...items] });
  }
  return sections;
}

/** What is to be seen inside a model; nothing where it has no weights. */
export async function drawInside(
  { model, initial }: Pick<Learned, "model" | "initial">,
  run: Pick<Inside, "task" | "seed">,
): Promise<PageItem[]> {
  if (!isNeural(model)) return [];
  const inside: Inside = { ...run, model, untrained: () => requireNeural(initial()) };
  const items = model.architecture === "bigram"
    ? await drawn("The table", () => bigramItems(inside))
    : await drawn("The character vectors", () => embeddingItems(inside));
  const states = model.contextLength === Infinity // it carries a state along
    ? await drawn("The states", () => stateItems(inside))
    : [];
  const attention = model.architecture.startsWith("transformer")
    ? await attentionItems(inside)
    : [];
  const questions = await drawn("The automaton by questions", () => questionItems(inside));
  return [...items, ...states, ...attention, ...questions];
}

function requireNeural(model: LanguageModel): NeuralModel {
  if (isNeural(model)) return model;
  throw new TypeError(`Expected a model with weights, got ${model.name}`);
}
