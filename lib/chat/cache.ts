/** Answers kept on disk, so that asking the same again costs nothing. */
import { writeWhole } from "../files.ts";
import type { ChatEndpoint, ChatQuestion } from "./client.ts";
import type { ChatAnswer } from "./response.ts";

/** The answer to a question from a cache folder, if it is there and whole. */
export async function recall(
  folder: string | undefined,
  endpoint: ChatEndpoint,
  question: ChatQuestion,
): Promise<ChatAnswer | undefined> {
  if (folder === undefined) return undefined;
  try {
    const value = JSON.parse(await Deno.readTextFile(await cachePath(folder, endpoint, question)));
    const whole = typeof value?.content === "string" && typeof value?.cut === "boolean";
    return whole ? { content: value.content, cut: value.cut } : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Keeps the answer to a question in a cache folder. */
export async function remember(
  folder: string | undefined,
  { endpoint, question, answer }: {
    endpoint: ChatEndpoint;
    question: ChatQuestion;
    answer: ChatAnswer;
  },
): Promise<void> {
  if (folder === undefined) return;
  const content = JSON.stringify(
    { model: endpoint.model, seed: question.seed, ...answer },
    null,
    2,
  );
  await writeWhole(await cachePath(folder, endpoint, question), content);
}

/** The file of a question's answer: named by what decides it, the key excluded. */
async function cachePath(
  folder: string,
  { url, model }: ChatEndpoint,
  question: ChatQuestion,
): Promise<string> {
  const text = JSON.stringify([url, model, question]);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `${folder}/${new Uint8Array(digest).toHex()}.json`;
}
