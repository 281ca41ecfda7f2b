/** What a part of a study found out, kept in a file that shows when it is damaged. */
import { crc32 } from "node:zlib";
import { writeWhole } from "../../files.ts";
import { CheckpointError, parseObject } from "../../safetensors/mod.ts";

/** Writes what is to be kept, plain JSON, whole. */
export async function keep(path: string, found: object): Promise<void> {
  await writeWhole(path, JSON.stringify({ checksum: checksum(found), ...found }) + "\n");
}

/** What was kept in a file; nothing where there is none, or not one that we wrote. */
export async function readKept<T extends object>(path: string): Promise<T | undefined> {
  try {
    const { checksum: said, ...found } = parseObject(await Deno.readFile(path));
    return said === checksum(found) ? found as T : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof CheckpointError) return undefined;
    throw error;
  }
}

/** Shows files that are damaged, or of another making. */
function checksum(found: object): number {
  return crc32(JSON.stringify(found));
}

/**
 * Summaries as JSON with a line for each model, so that a file of many numbers can be looked through.
 *
 * @param digits significant digits that are kept: more than seeds leave certain only make it large
 */
export function formatSummaries(
  summaries: readonly { readonly models: readonly object[] }[],
  digits: number,
): string {
  const round = (_: string, value: unknown) =>
    typeof value === "number" ? Number(value.toPrecision(digits)) : value;
  const grammars = summaries.map(({ models, ...grammar }) => {
    const rows = models.map((model) => `    ${JSON.stringify(model, round)}`);
    return `  ${JSON.stringify(grammar, round).slice(0, -1)},"models":[\n${rows.join(",\n")}\n  ]}`;
  });
  return `[\n${grammars.join(",\n")}\n]\n`;
}
