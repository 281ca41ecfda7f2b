/** What a large language model is asked: examples, and a request for more of the same. */

/** One turn of a chat. */
export interface ChatMessage {
  /** Who speaks. */
  readonly role: "system" | "user" | "assistant";
  /** What is said. */
  readonly content: string;
}

/**
 * The chat that shows `examples` and asks for `count` new strings of the same language.
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
        `which.\n\n\`\`\`\n${examples.join("\n")}\n\`\`\`\n\nWrite ${count} new strings of this ` +
        `language: different from those above and from each other, with lengths and characters ` +
        `as varied as theirs. One string a line, in one code block, nothing else.`,
    },
  ];
}
