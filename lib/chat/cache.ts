/** Answers kept on disk, so that asking the same again costs nothing and a stop loses nothing. */
import { writeWhole } from "../files.ts";
import type { Question, SampledAnswer } from "./client.ts";
import type { ChatEndpoint } from "./endpoint.ts";

/** The answer to a question from a cache folder, if it is there and whole. */
export async function recall(
  folder: string | undefined,
  endpoint: ChatEndpoint,
  question: Question,
): Promise<SampledAnswer | undefined> {
  const value = await recallJson(folder, [endpoint.url, endpoint.model, question]);
  const whole = typeof value?.content === "string" && typeof value.cut === "boolean" &&
    typeof value.untruncated === "boolean" && isName(value.model);
  return whole ? value : undefined;
}

/** What a server may call its model, or nothing. */
function isName(model: unknown): boolean {
  return typeof model === "string" || model === null || model === undefined;
}

/** Keeps the answer to a question, or what has arrived of it, in a cache folder. */
export async function remember(
  folder: string | undefined,
  { endpoint, question, answer }: {
    endpoint: ChatEndpoint;
    question: Question;
    answer: SampledAnswer;
  },
): Promise<void> {
  await rememberJson(folder, [endpoint.url, endpoint.model, question], answer);
}

/** What a cache folder holds under a key, undefined where that is nothing or damaged. */
export async function recallJson(
  folder: string | undefined,
  key: readonly unknown[],
  // deno-lint-ignore no-explicit-any
): Promise<any> {
  if (folder === undefined) return undefined;
  try {
    return JSON.parse(await Deno.readTextFile(await cachePath(folder, key)));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Keeps a value under a key in a cache folder. */
export async function rememberJson(
  folder: string | undefined,
  key: readonly unknown[],
  value: unknown,
): Promise<void> {
  if (folder === undefined) return;
  await writeWhole(await cachePath(folder, key), JSON.stringify(value, null, 2));
}

/** The file of a key: named by what decides the answer, an endpoint's secret key excluded. */
async function cachePath(folder: string, key: readonly unknown[]): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(key));
  return `${folder}/${new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex()}.json`;
}
