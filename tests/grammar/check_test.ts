import { assert, assertEquals, assertThrows } from "@std/assert";
import { createGrammar, families, type Grammar, grammarNames } from "../../lib/grammar/mod.ts";
import { createRandom, type Random } from "../../lib/random.ts";
import { CLOSING, stillOpen } from "./reference.ts";
import { validators } from "./validators.ts";

/** A member, a member with a few edits, or random text: of few symbols or of all characters. */
function someText(grammar: Grammar, rng: Random): string {
  const { alphabet, symbols } = grammar;
  const kind = rng.integer(4);
  if (kind < 2) {
    const member = grammar.sample(rng);
    return kind === 0 ? member : mutate(member, alphabet, rng);
  }
  const length = rng.integer(9);
  const few = rng.shuffle([...symbols]).slice(0, 2).map(({ characters }) => characters[0]!);
  const characters = kind === 2 ? [...few, ...few.map(closing)] : alphabet;
  return Array.from({ length }, () => rng.choice(characters)).join("");
}

function closing(character: string): string {
  return CLOSING[character] ?? character;
}

function mutate(text: string, alphabet: readonly string[], rng: Random): string {
  const characters = [...text];
  for (let edits = 1 + rng.integer(2); edits > 0; edits--) {
    const at = rng.integer(characters.length + 1);
    const edit = rng.integer(4);
    if (edit === 0) characters.splice(at, 1);
    if (edit === 1) characters.splice(at, 1, rng.choice(alphabet));
    if (edit === 2) characters.splice(at, 0, rng.choice(alphabet));
    if (edit === 3) characters.splice(at, 0, characters[at] ?? "");
  }
  return characters.join("");
}

for (const { name, least, most } of families) {
  Deno.test(`${name}: check() agrees with a second validator on 100,000 texts`, () => {
    const rng = createRandom(2, name);
    for (const n of [2, 3, 4, 5, 6].filter((n) => n >= least && n <= most)) {
      const grammar = createGrammar(name, n);
      const count = n === 3 ? 60_000 : 10_000 * (name === "sticky" ? 4 / 3 : 1);
      let members = 0;
      for (let i = 0; i < count; i++) {
        const text = someText(grammar, rng);
        const expected = validators[name]!(text, n);
        members += +expected;
        if (grammar.check(text).valid !== expected) {
          throw new Error(`${name} ${n}: check() errs about ${JSON.stringify(text)}`);
        }
      }
      assert(members > count / 5 && members < count * 4 / 5, `${members} members of ${count}`);
    }
  });

  Deno.test(`${name}: check() names the first position from which no string can be saved`, () => {
    const grammar = createGrammar(name, 3);
    const rng = createRandom(3, name);
    const first = grammar.symbols.map(({ characters }) => characters[0]!);
    const endings = ["", ...first, ...first.flatMap((a) => first.map((b) => a + b))];
    endings.push(...first.flatMap((a) => first.flatMap((b) => first.map((c) => a + b + c))));
    const saved = (text: string) => {
      const closings = [...stillOpen(text)].reverse().map(closing).join("");
      return text === "" ||
        [...endings, closings].some((ending) => validators[name]!(text + ending, 3));
    };
    for (let found = 0; found < 300;) {
      const text = someText(grammar, rng);
      const verdict = grammar.check(text);
      if (verdict.valid) continue;
      found++;
      assert(saved(text.slice(0, verdict.position)), text);
      assert(verdict.position === text.length || !saved(text.slice(0, verdict.position + 1)), text);
    }
  });
}

Deno.test("check() reads a million characters, right to the last", () => {
  const periods = {
    sticky: "aBC123",
    runs: "abCD12",
    echo: "a?b.",
    parity: "aBC",
    brackets: "([]){}",
    dyck: "([]){}",
    anbn: "ab12z9",
  };
  assertEquals(Object.keys(periods), [...grammarNames]);
  for (const [name, period] of Object.entries(periods)) {
    const fixed = name === "sticky" ? "aaBC12" : period;
    const text = fixed.repeat(Math.ceil(1_000_000 / fixed.length));
    const grammar = createGrammar(name, 3);
    assertEquals(grammar.check(text), { valid: true });
    assertEquals(validators[name]!(text, 3), true);
    const verdict = grammar.check(text + "é");
    assertEquals(!verdict.valid && verdict.position, text.length);
  }
});

Deno.test("check() reads a dyck string that is 100,000 brackets deep", () => {
  const grammar = createGrammar("dyck", 3);
  const depth = 100_000;
  assertEquals(grammar.check("(".repeat(depth) + ")".repeat(depth)), { valid: true });
  const verdict = grammar.check("(".repeat(depth) + "]");
  assertEquals(!verdict.valid && verdict.position, depth);
});

Deno.test("check() says why in words", () => {
  const reason = (family: string, n: number, text: string) => {
    const verdict = createGrammar(family, n).check(text);
    return verdict.valid ? "valid" : `${verdict.position}: ${verdict.reason}`;
  };
  const cases: [string, number, string, string][] = [
    ["sticky", 3, "", "0: a string has at least one character"],
    ["sticky", 3, "ab1", "3: a run of digits must last at least 2 characters, this one lasted 1"],
    [
      "sticky",
      4,
      "abC",
      "2: a run of lower-case letters must last at least 3 characters, this one lasted 2",
    ],
    ["runs", 2, "Aa1", "valid"],
    [
      "runs",
      2,
      "AB",
      "1: a run of upper-case letters must last exactly 1 character, this one goes on",
    ],
    [
      "runs",
      3,
      "A1",
      "1: a run of upper-case letters must last exactly 2 characters, this one lasted 1",
    ],
    ["echo", 3, "0", "1: a string has at least 2 characters, this one has 1"],
    [
      "echo",
      3,
      "0aa",
      "2: a digit stands 2 back, so a digit or a mark must follow, not a lower-case letter",
    ],
    [
      "parity",
      3,
      "aBc",
      "2: 1 of the last 2 letters is upper-case, an odd number, so an upper-case letter must follow, not a lower-case letter",
    ],
    [
      "parity",
      3,
      "ABC",
      "2: 2 of the last 2 letters are upper-case, an even number, so a lower-case letter must follow, not an upper-case letter",
    ],
    ["brackets", 2, "())", "2: nothing is open that ) could close"],
    ["brackets", 2, "([)]", "2: [ is the innermost open bracket, so ] must close it, not )"],
    [
      "brackets",
      2,
      "([{",
      "2: 2 brackets are open, which is the greatest depth, so ] must follow, not {",
    ],
    ["brackets", 2, "()[", "3: the string ends with [ still open"],
    ["dyck", 2, "())", "2: nothing is open that ) could close"],
    ["dyck", 2, "([)", "2: [ is the innermost open bracket, so ] must close it, not )"],
    ["dyck", 2, "()[[", "4: the string ends with [[ still open"],
    ["dyck", 2, "{}", '0: "{" is not a character of this grammar'],
    ["anbn", 2, "7", "0: a block begins with a lower-case letter, not with a digit"],
    ["anbn", 2, "a77", "2: a block begins with a lower-case letter, not with a digit"],
    ["anbn", 2, "abc", "2: 2 digits must follow, not a lower-case letter"],
    ["anbn", 2, "ab7c", "3: 1 digit must follow, not a lower-case letter"],
    ["anbn", 2, "ab7", "3: 1 digit must follow, but the string ends"],
  ];
  for (const [family, n, text, expected] of cases) assertEquals(reason(family, n, text), expected);
});

Deno.test("check() refuses characters outside the alphabet wherever they stand", () => {
  for (const { name, least } of families) {
    const grammar = createGrammar(name, least);
    const member = grammar.sample(createRandom(1));
    for (const stranger of ["é", " ", "\n", "⏎", "^", "∅", "🙂", "\ud83d", "\u0000", "А"]) {
      for (const [text, position] of [[stranger, 0], [member + stranger, member.length]] as const) {
        assertEquals(grammar.check(text), {
          valid: false,
          position,
          reason: `${JSON.stringify(stranger)} is not a character of this grammar`,
        });
      }
    }
  }
});

Deno.test("nextDistribution() refuses what no string begins with, and says where", () => {
  const grammar = createGrammar("brackets", 2);
  assertThrows(
    () => grammar.nextDistribution("(]"),
    RangeError,
    'Expected the beginning of a string of brackets 2, got "(]": at 1, ( is the innermost',
  );
});
