/** Large language models that only see examples, asked through an OpenAI-compatible endpoint. */
export { askChat, chatAddress, type ChatEndpoint, type ChatQuestion } from "./client.ts";
export { type Collected, type CollectOptions, collectSamples } from "./collect.ts";
export { ChatError } from "./error.ts";
export { parseAnswer } from "./parse.ts";
export { buildPrompt, type ChatMessage } from "./prompt.ts";
export { type ChatAnswer, retryAfter } from "./response.ts";
