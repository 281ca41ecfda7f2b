/** Large language models that only see examples, asked through an OpenAI-compatible endpoint. */
export { type AnswerPart, type ChatAnswer, retryAfter } from "./answer.ts";
export { ask, type AskOptions, type Question, type SampledAnswer } from "./client.ts";
export { type AskMode, type Collected, type CollectOptions, collectSamples } from "./collect.ts";
export { chatAddress, type ChatEndpoint, mayNotReach } from "./endpoint.ts";
export { ChatError, type ChatErrorDetails } from "./error.ts";
export {
  parseAnswer,
  type ParsedAnswer,
  type ParseOptions,
  readAnswer,
  type Rejection,
} from "./parse.ts";
export { buildList, buildPrompt, type ChatMessage } from "./prompt.ts";
export {
  type CharacterScorer,
  createScorer,
  type Scored,
  type ScorerOptions,
  type Spelling,
} from "./score.ts";
