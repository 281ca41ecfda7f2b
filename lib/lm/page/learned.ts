/** What each architecture learned, read out of its weights and drawn with its number. */
import type { PageItem, Section } from "../../plot/mod.ts";
import { isNeural, type LanguageModel, type NeuralModel } from "../language_model.ts";
import type { GrammarMilestone } from "../run/milestone.ts";
import { attentionItems } from "./attention.ts";
import { bigramItems } from "./bigram.ts";
import { drawn } from "./drawn.ts";
import { embeddingItems } from "./embeddings.ts";
import type { Inside } from "./inside.ts";
import { questionItems } from "./questions.ts";
import { stateItems } from "./states.ts";

/** A section for each model that has weights to look into. */
export async function learnedSections(milestone: GrammarMilestone): Promise<Section[]> {
  const sections: Section[] = [];
  for (const { model, initial } of milestone.models) {
    if (!isNeural(model)) continue;
    const items = await lookInto({ model, untrained: () => requireNeural(initial()), milestone });
    if (items.length > 0) sections.push({ title: `Inside ${model.name}`, items });
  }
  return sections;
}

async function lookInto(inside: Inside): Promise<PageItem[]> {
  const { model } = inside;
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
