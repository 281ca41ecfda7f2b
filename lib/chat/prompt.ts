/** What a large language model is asked: examples, and for more of the same. */

/** One turn of a chat. */
export interface ChatMessage {
  /** Who speaks. */
  readonly role: "system" | "user" | "assistant";
  /** What is said. */
  readonly content: string;
}

/**
 * A text to be continued: the examples, one a line. A language model continues such a list as it
 * would any other text, with no word about what it is.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { buildList } from "./prompt.ts";
 *
 * assertEquals(buildList(["ab12", "XYz"]), "ab12\nXYz\n");
 * ```
 */
export function buildList(examples: readonly string[]): string {
  return examples.map((text) => `${text}\n`).join("");
}

/**
 * The chat that shows `examples` and asks for `count` new strings of the same language: for
 * endpoints that continue no text.
 *
 * Nothing is said about the grammar: like every other model here, a large language model sees
 * strings and has to find the rule.
 *
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { buildPrompt } from "./prompt.ts";
 *
 * const [, question] = buildPrompt(["ab12", "XYz"], 5);
 * assertStringIncludes(question!.content, "ab12\nXYz");
 * ```
 */
export function buildPrompt(examples: readonly string[], count: number): ChatMessage[] {
  return [
    {
      role: "system",
      content: "You continue lists of strings that all follow the same hidden rule. " +
        "You answer with strings only, one a line, inside one code block.",
    },
    {
      role: "user",
      content:
        `These ${examples.length} strings were drawn at random from one language. Every string ` +
        `of the language follows the same hidden rule about which character may come after ` +
        `which.\n\n\`\`\`\n${buildList(examples)}\`\`\`\n\nWrite ${count} new strings of this ` +
        `language: different from those above and from each other, with lengths and characters ` +
        `as varied as theirs. One string a line, in one code block, nothing else.`,
    },
  ];
}
