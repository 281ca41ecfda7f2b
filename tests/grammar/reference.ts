/**
 * The exact answers in another way: the rules speak of the whole string written so far, all pairs
 * of context and past are found by search, and visits come from Gaussian elimination.
 *
 * Strings are written in symbol names here: `a`, `A`, `0`, `!` and the brackets.
 */

/** P(next symbol | written so far), "" for the end; and a short string with the same future. */
export interface Rule {
  next(written: string): Map<string, number>;
  shorten(written: string): string;
}

function uniform(names: string[], mayEnd: boolean): Map<string, number> {
  const shares = names.map((name) => [name, (mayEnd ? 4 / 5 : 1) / names.length] as const);
  return new Map(mayEnd ? [["", 1 / 5], ...shares] : shares);
}

function lastRun(written: string): string {
  return /(a*|A*|0*)$/.exec(written)![0];
}

function uppers(written: string): number {
  return written.replaceAll("a", "").length;
}

/** The brackets that are left when all pairs are taken away. */
export function stillOpen(written: string): string {
  const shorter = written.replace(/\(\)|\[\]|\{\}|<>/g, "");
  return shorter === written ? written : stillOpen(shorter);
}

/** The bracket that closes another. */
export const CLOSING: Record<string, string> = { "(": ")", "[": "]", "{": "}", "<": ">" };

/** The rule of a family. */
export function createRule(family: string, n: number): Rule {
  const last = (written: string) => written.slice(-(n - 1));
  const next = (written: string): Map<string, number> => {
    const far = written.length >= n - 1;
    const run = lastRun(written);
    switch (family) {
      case "sticky":
        if (written !== "" && run.length < n - 1) return new Map([[run[0]!, 1]]);
        return uniform(["a", "A", "0"], written !== "");
      case "runs":
        if (written !== "" && run.length < n - 1) return new Map([[run[0]!, 1]]);
        return uniform(["a", "A", "0"].filter((name) => name !== run[0]), written !== "");
      case "echo": {
        const heard = "aA0!".indexOf(written.at(-(n - 1))!);
        return uniform(far ? ["aA0!"[heard]!, "A0!a"[heard]!] : [..."aA0!"], far);
      }
      case "parity":
        return far
          ? uniform([uppers(last(written)) % 2 ? "A" : "a"], true)
          : uniform(["a", "A"], false);
      case "anbn": {
        const [block = "", letters = "", digits = ""] = /(a*)(0*)$/.exec(written)!;
        if (letters.length === digits.length) return uniform(["a"], block !== "");
        const mayGrow = digits === "" && letters.length < n;
        return uniform(mayGrow ? ["a", "0"] : ["0"], false);
      }
      case "dyck": {
        const open = stillOpen(written);
        const kinds = [..."([{<"].slice(0, n);
        if (open === "") return uniform(kinds, written !== "");
        const inside = kinds.map((name) => [name, 1 / 3 / n] as const);
        return new Map([[CLOSING[open.at(-1)!]!, 2 / 3], ...inside]);
      }
      default: {
        const open = stillOpen(written);
        if (open === "") return uniform([..."([{"], written !== "");
        const close = CLOSING[open.at(-1)!]!;
        if (open.length === n) return new Map([[close, 1]]);
        return new Map([[close, 1 / 2], ...[..."([{"].map((name) => [name, 1 / 6] as const)]);
      }
    }
  };
  const nested = family === "brackets" || family === "dyck";
  const shorten = (written: string) => {
    if (nested) return written && (stillOpen(written) || "()");
    return family === "anbn" ? /a*0*$/.exec(written)![0] : last(written);
  };
  return { next, shorten };
}

/** Characters a symbol shows as. */
export const CHARACTERS: Record<string, number> = { a: 26, A: 26, 0: 10, "!": 8 };

/** The loss in nats a token of the ideal k-gram, and the share of members among its strings. */
export function ideal(rule: Rule, k: number): { loss: number; membership: number } {
  const context = (written: string) => ("^".repeat(k - 1) + written).slice(written.length);
  const key = (written: string) => `${context(written)}|${rule.shorten(written)}`;
  const found = new Map([[key(""), ""]]); // for each pair one string that leads there
  for (const written of found.values()) {
    for (const name of rule.next(written).keys()) {
      const longer = written + name;
      if (name !== "" && !found.has(key(longer))) found.set(key(longer), longer);
    }
  }
  const strings = [...found.values()];
  const index = new Map([...found.keys()].map((pair, i) => [pair, i]));
  const visits = solveVisits(
    strings.length,
    (i) =>
      [...rule.next(strings[i]!)].filter(([name]) => name !== "").map(([name, probability]) => [
        index.get(key(strings[i]! + name))!,
        probability,
      ]),
  );
  const sums = new Map<string, Map<string, number>>();
  strings.forEach((written, i) => {
    const sum = sums.get(context(written)) ?? new Map<string, number>();
    for (const [name, probability] of [...rule.next(written), ["total", 1] as const]) {
      sum.set(name, (sum.get(name) ?? 0) + visits[i]! * probability);
    }
    sums.set(context(written), sum);
  });
  const predict = (written: string, name: string) => {
    const sum = sums.get(context(written))!;
    return (sum.get(name) ?? 0) / sum.get("total")!;
  };
  let loss = 0;
  strings.forEach((written, i) => {
    for (const [name, probability] of rule.next(written)) {
      const share = predict(written, name) / (CHARACTERS[name] ?? 1);
      loss -= visits[i]! * probability * Math.log(share);
    }
  });
  const modelVisits = solveVisits(
    strings.length,
    (i) =>
      [...rule.next(strings[i]!).keys()].filter((name) => name !== "").map((name) => [
        index.get(key(strings[i]! + name))!,
        predict(strings[i]!, name),
      ]),
  );
  const membership = strings.reduce(
    (sum, written, i) =>
      sum + (rule.next(written).has("") ? modelVisits[i]! * predict(written, "") : 0),
    0,
  );
  return { loss: loss / visits.reduce((sum, count) => sum + count), membership };
}

/** Solves v = e₀ + Pᵀv by Gaussian elimination with partial pivoting. */
export function solveVisits(
  size: number,
  arrows: (from: number) => (readonly [number, number])[],
): number[] {
  const rows = Array.from({ length: size }, (_, i) => {
    const row = new Float64Array(size + 1);
    row[i] = 1;
    row[size] = i === 0 ? 1 : 0;
    return row;
  });
  for (let from = 0; from < size; from++) {
    for (const [to, probability] of arrows(from)) rows[to]![from]! -= probability;
  }
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let i = column + 1; i < size; i++) {
      if (Math.abs(rows[i]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = i;
    }
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    for (let i = column + 1; i < size; i++) {
      const factor = rows[i]![column]! / rows[column]![column]!;
      if (factor === 0) continue;
      for (let j = column; j <= size; j++) rows[i]![j]! -= factor * rows[column]![j]!;
    }
  }
  const solution = new Array<number>(size).fill(0);
  for (let i = size - 1; i >= 0; i--) {
    let rest = rows[i]![size]!;
    for (let j = i + 1; j < size; j++) rest -= rows[i]![j]! * solution[j]!;
    solution[i] = rest / rows[i]![i]!;
  }
  return solution;
}
