/** What each architecture learned, read out of its weights and drawn with its number. */
import type { PageItem, Section } from "../../plot/mod.ts";
import { analyseEmbeddings } from "../analysis/mod.ts";
import type { JudgedModel } from "../run/judge_model.ts";
import type { GrammarMilestone } from "../run/milestone.ts";
import { isNeural, type NeuralModel } from "../language_model.ts";
import { attentionItems } from "./attention.ts";
import { bigramItems } from "./bigram.ts";
import { embeddingItems } from "./embeddings.ts";
import { stateItems } from "./states.ts";

/** A section for each model that has weights to look into. */
export async function learnedSections(milestone: GrammarMilestone): Promise<Section[]> {
  const sections: Section[] = [];
  for (const { model } of milestone.models.filter(hasWeights)) {
    const items = await lookInto(model, milestone);
    if (items.length > 0) sections.push({ title: `Inside ${model.name}`, items });
  }
  return sections;
}

function hasWeights(trained: JudgedModel): trained is JudgedModel & { model: NeuralModel } {
  return isNeural(trained.model);
}

async function lookInto(model: NeuralModel, milestone: GrammarMilestone): Promise<PageItem[]> {
  const { grammar } = milestone.task;
  const embeddings = await analyseEmbeddings(model, grammar);
  const items: PageItem[] = [];
  if (model.architecture === "bigram") items.push(...await bigramItems(model, milestone));
  else if (embeddings) items.push(...embeddingItems(embeddings));
  if (model.contextLength === Infinity) { // it carries a state along
    items.push(...await stateItems(model, { milestone, name: "hidden" }));
  }
  if (model.architecture === "transformer") items.push(...await attentionItems(model, milestone));
  return items;
}
