/** The rules once more, each in another way than in lib/grammar, without an automaton. */

/** The smallest k that suffices, null where none does: N, but for a few families. */
export function orderOf(family: string, n: number): number | null {
  if (family === "brackets" || family === "dyck") return null;
  return family === "anbn" ? 2 * n : n;
}

/** Says whether a text is a member; `n` is the family's N. */
export type Validator = (text: string, n: number) => boolean;

const CYCLE = [
  "abcdefghijklmnopqrstuvwxyz",
  "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  "0123456789",
  "!?.,;:+-",
];

function runLengths(text: string): number[] {
  return (text.match(/[a-z]+|[A-Z]+|[0-9]+/g) ?? []).map((run) => run.length);
}

export const validators: Record<string, Validator> = {
  sticky: (text, n) =>
    /^[a-zA-Z0-9]+$/.test(text) &&
    runLengths(text).every((length) => length >= n - 1),
  runs: (text, n) =>
    /^[a-zA-Z0-9]+$/.test(text) &&
    runLengths(text).every((length) => length === n - 1),
  echo: (text, n) => {
    const codes = text.split("").map((character) =>
      CYCLE.findIndex((characters) => characters.includes(character))
    );
    const steps = codes.slice(n - 1).map((code, i) => (code - codes[i]! + 4) % 4);
    return !codes.includes(-1) && codes.length >= n - 1 && steps.every((step) => step < 2);
  },
  // Each letter is the parity of the n − 1 before it: any n neighbours hold an even number of uppers.
  parity: (text, n) => {
    if (/[^a-zA-Z]/.test(text) || text.length < n - 1) return false;
    const uppersBefore = [0];
    for (const letter of text) uppersBefore.push(uppersBefore.at(-1)! + +(letter < "a"));
    return uppersBefore.slice(n).every((uppers, i) => (uppers - uppersBefore[i]!) % 2 === 0);
  },
  // Taking away all innermost pairs lowers the depth by one.
  brackets: (text, n) => {
    let rest = text;
    for (let depth = 0; depth < n; depth++) rest = rest.replace(/\(\)|\[\]|\{\}/g, "");
    return text !== "" && rest === "";
  },
  // Pairs are counted from the inside out until none is left; N says how many kinds there are.
  dyck: (text, n) => {
    const pairs = ["()", "[]", "{}", "<>"].slice(0, n);
    let rest = text;
    for (let before = ""; rest !== before;) {
      before = rest;
      for (const pair of pairs) rest = rest.replaceAll(pair, "");
    }
    return text !== "" && rest === "";
  },
  anbn: (text, n) => {
    const blocks = text.match(/[a-z]+[0-9]+/g) ?? [];
    return text !== "" && blocks.join("") === text && blocks.every((block) => {
      const letters = block.search(/[0-9]/);
      return letters <= n && block.length === 2 * letters;
    });
  },
};
