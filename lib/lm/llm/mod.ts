/** Large language models that only see examples, asked through an OpenAI-compatible endpoint. */
export {
  askChat,
  chatAddress,
  type ChatAnswer,
  type ChatEndpoint,
  ChatError,
  type ChatQuestion,
  retryAfter,
} from "./client.ts";
export { type Collected, type CollectOptions, collectSamples } from "./collect.ts";
export { parseAnswer } from "./parse.ts";
export { buildPrompt, type ChatMessage } from "./prompt.ts";
