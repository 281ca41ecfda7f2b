/** A file as something to learn from. */
import { openContinuous } from "./continuous.ts";
import { openLines } from "./lines.ts";
import type { ReadingHooks } from "./shown.ts";
import type { TextData, TextOptions } from "./text_data.ts";

/**
 * Reads a file as lines, or with a `context` as one text.
 *
 * @throws UsageError when it cannot be read, or is too short
 */
export function openText(options: TextOptions, hooks: ReadingHooks = {}): Promise<TextData> {
  const { context } = options;
  return context === undefined
    ? openLines(options, hooks)
    : openContinuous({ ...options, context }, hooks);
}
