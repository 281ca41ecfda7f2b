/** Which large language models and files of samples a command line names. */
import { basename } from "node:path";
import { orUsageError, UsageError } from "../../command/mod.ts";
import type { ExternalSource } from "../run/external.ts";
import { chatAddress, ChatError, mayNotReach } from "../../chat/mod.ts";

/** The flags that name sources. */
export interface SourceFlags {
  /** Base URL of an OpenAI-compatible endpoint. */
  llm?: string | undefined;
  /** Models to ask there. */
  llmModel: readonly string[];
  /** Files with samples pasted from elsewhere. */
  llmSamples: readonly string[];
}

/**
 * The sources of a command line; the endpoint and its key may also stand in `OPENAI_BASE_URL` and
 * `OPENAI_API_KEY`. The key is never shown.
 *
 * @throws UsageError on a model without an endpoint or the reverse, on a host that may not be reached,
 * and on a file that is not there
 */
export async function readSources(
  { llm, llmModel, llmSamples }: SourceFlags,
): Promise<ExternalSource[]> {
  const url = llm ?? Deno.env.get("OPENAI_BASE_URL");
  if (llmModel.length > 0 && !url) {
    throw new UsageError("Expected --llm URL or OPENAI_BASE_URL with --llm-model, got neither");
  }
  if (llm !== undefined || llmModel.length > 0) requireReach(url!);
  if (llm !== undefined && llmModel.length === 0) {
    throw new UsageError("Expected --llm-model NAME with --llm, got none");
  }
  const key = Deno.env.get("OPENAI_API_KEY");
  const chats = llmModel.map((model): ExternalSource => ({
    kind: "chat",
    endpoint: { url: url!, model, key },
  }));
  return [...chats, ...await Promise.all(llmSamples.map(readSamples))];
}

/** Refuses what is no address, and hosts that this process may not reach. */
function requireReach(url: string): void {
  try {
    const { hostname, port, protocol } = new URL(chatAddress(url));
    const host = `${hostname}:${port || (protocol === "https:" ? 443 : 80)}`;
    const { state } = Deno.permissions.querySync({ name: "net", host });
    if (state !== "granted") throw new UsageError(mayNotReach(url));
  } catch (error) {
    throw error instanceof ChatError ? new UsageError(error.message) : error;
  }
}

async function readSamples(path: string): Promise<ExternalSource> {
  const name = basename(path);
  const { isFile, isDirectory } = await orUsageError(
    Deno.stat(path),
    `Expected a file with samples, got ${path}`,
  );
  if (!isFile) { // a pipe would be waited for, and a device never ends
    const what = isDirectory ? "a folder" : "a device or a pipe";
    throw new UsageError(`Expected a file with samples, got ${path}, which is ${what}`);
  }
  const text = await orUsageError(
    Deno.readTextFile(path),
    `Expected a file with samples, got ${path}`,
  );
  return { kind: "text", name, text };
}
