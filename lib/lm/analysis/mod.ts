/** What was learned: looking into trained models, with the grammar at hand to say what is there. */
export {
  attentionByDistance,
  attentionOn,
  type HeadAnalysis,
  positionSimilarity,
  withoutHeads,
} from "./attention.ts";
export { type BesideUntrained, besideUntrained, shuffleWeights } from "./beside_untrained.ts";
export { type BigramAnalysis, compareBigrams } from "./bigram_table.ts";
export { analyseCharacters, type CharacterAnalysis, judgeCharacters } from "./characters.ts";
export { analyseEmbeddings, type EmbeddingAnalysis } from "./embeddings.ts";
export { type Observed, observePositions } from "./observe.ts";
export {
  correlation,
  type Probe,
  probeLabels,
  probeStates,
  type Projection,
  projectToPlane,
  separation,
} from "./project.ts";
export { recoverAutomaton, type RecoveredAutomaton } from "./recover.ts";
export {
  type Difference,
  type QuestionedAutomaton,
  questionModel,
  type QuestionOptions,
} from "./questions.ts";
