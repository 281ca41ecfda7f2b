import { assertEquals } from "@std/assert";
import { parseAnswer } from "../../lib/chat/mod.ts";

const expected = ["abc", "XYZ", "120"];
const answers: Record<string, string> = {
  "bare lines": "abc\nXYZ\n120\n",
  "windows lines": "abc\r\nXYZ\r\n120",
  "a code block in chatter": "Sure, here they are:\n\n```text\nabc\nXYZ\n120\n```\nMore of them?",
  "two code blocks": "First:\n```\nabc\n```\nand\n```\nXYZ\n120\n```",
  "a code block that is not closed": "```\nabc\nXYZ\n120\n",
  "a numbered list in chatter": "Certainly\n1. abc\n2. XYZ\n3) 120\nEnjoy",
  "a numbered list in a code block": "```\n1. abc\n2. XYZ\n3. 120\n```",
  "bullets with quotes": '- "abc"\n- “XYZ”\n* `120`',
  "JSON": 'Here is JSON: ["abc", "XYZ", "120"] as asked',
  "JSON in a code block": '```json\n[\n  "abc",\n  "XYZ",\n  "120"\n]\n```',
  "JSON cut off": '```json\n"abc",\n"XYZ",\n"120",\n```',
  "a reasoning block": "<think>\nmaybe\n1. wrong\n</think>\nabc\nXYZ\n120",
  "chatter with blanks": "Here are the strings\nabc\nXYZ\n120\nI hope this helps",
};

for (const [form, answer] of Object.entries(answers)) {
  Deno.test(`parseAnswer() reads ${form}`, () => assertEquals(parseAnswer(answer), expected));
}

Deno.test("parseAnswer() keeps marks and brackets that belong to a string", () => {
  assertEquals(parseAnswer("```\n-a!\n[]\n({})\n1.:;\n```"), ["-a!", "[]", "({})", "1.:;"]);
  assertEquals(parseAnswer("[]\n[[]]"), ["[]", "[[]]"]);
});

Deno.test("parseAnswer() drops the last line of an answer that was cut off", () => {
  assertEquals(parseAnswer("```\nabc\nXYZ\n12", { cut: true }), ["abc", "XYZ"]);
});

Deno.test("parseAnswer() keeps lines with blanks where the language has them", () => {
  assertEquals(parseAnswer("Mary Ann\nJohn", { blanks: true }), ["Mary Ann", "John"]);
});

Deno.test("parseAnswer() finds nothing in a refusal or in unfinished reasoning", () => {
  assertEquals(parseAnswer("I am sorry, I cannot help with that."), []);
  assertEquals(parseAnswer("<think>\nabc\nXYZ"), []);
});

Deno.test("parseAnswer() is quick on long hostile text", () => {
  assertEquals(parseAnswer("`".repeat(200_000)).length, 1);
  assertEquals(parseAnswer("<think>".repeat(20_000)).length, 0);
  assertEquals(parseAnswer("[".repeat(200_000)).length, 1);
});
