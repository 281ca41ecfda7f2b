import { assertEquals } from "@std/assert";
import { parseAnswer, readAnswer } from "../../lib/chat/mod.ts";

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
  "a JSON array": '["abc", "XYZ", "120"]',
  "a JSON array in a code block": '```json\n[\n  "abc",\n  "XYZ",\n  "120"\n]\n```',
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

const letters = "abcdefghijklmnopqrstuvwxyz";
const alphabet = new Set(letters + letters.toUpperCase() + "0123456789");

const python = `Here's a Python program that generates the strings:

\`\`\`python
import random

def generate(n):
    strings = []
    for i in range(n):
        strings.append({
            "first": 51,
            "second": 123
        })
    return strings
\`\`\``;
const noStrings: Record<string, [answer: string, rejected: object]> = {
  "Python": [python, { code: 7, JSON: 2 }],
  "bare numbers of a list": ["1\n2\n3\n4\n5", { "list number": 5 }],
  "numbers with nothing after them": ["1.\n2.\n3.", { "list number": 3 }],
  "JSON objects": ['{\n"name": "abc",\n"age": 51\n}', { JSON: 4 }],
  "three numbers of a list": ["1\n2\n3", { "list number": 3 }],
  "lines of which only half are of the alphabet": [
    "abc\nXYZ\nÜüü\nÄöü",
    { "not a list of strings": 4 },
  ],
  "prose": ["I am sorry.\nThis is not possible.", { prose: 2 }],
  "words that are no list": [
    "Hello!\nSure...\nabc\nWell,",
    { "not a list of strings": 4 },
  ],
};
for (const [form, [answer, rejected]] of Object.entries(noStrings)) {
  Deno.test(`readAnswer() is not fooled by ${form}, and counts it`, () => {
    assertEquals(readAnswer(answer, { alphabet }), { strings: [], rejected });
  });
}

Deno.test("readAnswer() rejects stray lines and keeps the strings around them", () => {
  const answer = "ab12\nXY\nfor i in range(9):\nand so on\n7\nq!\nZZ99";
  assertEquals(readAnswer(answer, { alphabet }), {
    strings: ["ab12", "XY", "7", "q!", "ZZ99"], // with one wrong character it is the judge's turn
    rejected: { code: 1, prose: 1 },
  });
});

Deno.test("readAnswer() takes two numbers in a row and equal ones for strings", () => {
  for (const answer of ["7\n8\nab", "5\n5\n5", "3\n2\n1"]) {
    assertEquals(readAnswer(answer, { alphabet }).strings, answer.split("\n"));
  }
});

Deno.test("readAnswer() takes brackets for strings where they are the language", () => {
  const brackets = new Set("()[]{}");
  const answer = "[]\n{}\n[{}]\n}\n({})";
  assertEquals(readAnswer(answer, { alphabet: brackets }).strings, answer.split("\n"));
});

Deno.test("readAnswer() leaves a long string with one strange character to the judge", () => {
  const answer = "[{}()](){}[][]({o})\n({})()()()()()()()?\n[";
  assertEquals(readAnswer(answer, { alphabet: new Set("()[]{}") }).strings, answer.split("\n"));
});

Deno.test("parseAnswer() finds nothing in a refusal or in unfinished reasoning", () => {
  assertEquals(parseAnswer("I am sorry, I cannot help with that."), []);
  assertEquals(parseAnswer("<think>\nabc\nXYZ"), []);
});

Deno.test("parseAnswer() is quick on long hostile text", () => {
  assertEquals(parseAnswer("`".repeat(200_000)).length, 1);
  assertEquals(parseAnswer("<think>".repeat(20_000)).length, 0);
  assertEquals(parseAnswer("[".repeat(200_000)).length, 1);
  assertEquals(parseAnswer("7\n".repeat(100_000)).length, 100_000);
});
