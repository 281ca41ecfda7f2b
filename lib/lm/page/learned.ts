/** What each architecture learned, read out of its weights and drawn with its number. */
import type { PageItem, Section } from "../../plot/mod.ts";
import { analyseEmbeddings } from "../analysis/mod.ts";
import type { JudgedModel } from "../run/judge_model.ts";
import type { GrammarMilestone } from "../run/milestone.ts";
import { isNeural, type NeuralModel } from "../language_model.ts";
import { attentionItems } from "./attention.ts";
import { bigramItems } from "./bigram.ts";
import { drawn } from "./drawn.ts";
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
  const items = model.architecture === "bigram"
    ? await drawn("The table", () => bigramItems(model, milestone))
    : await drawn("The character vectors", async () => {
      const embeddings = await analyseEmbeddings(model, milestone.task.grammar);
      return embeddings ? embeddingItems(embeddings) : [];
    });
  const states = model.contextLength === Infinity // it carries a state along
    ? await drawn("The states", () => stateItems(model, { milestone, name: "hidden" }))
    : [];
  const attention = model.architecture === "transformer"
    ? await attentionItems(model, milestone)
    : [];
  return [...items, ...states, ...attention];
}
