/** What is wrong with an answer, found by looking at it beside the right one. */
import { agree, inWords, isRecord, near, type Plain, type PlainRecord } from "./plain.ts";

/** An input on which the answer is wrong. */
export interface Miss {
  /** The right answer. */
  wanted: Plain;
  /** The learner's. */
  got: Plain;
}

/**
 * A sentence that names the mistake as well as it can be told from the numbers alone.
 *
 * @param misses at least one
 */
export function differenceInWords(misses: readonly Miss[], tolerance: number): string {
  const { wanted, got } = misses[0]!;
  return firstOf(misses, ({ wanted, got }) => wrongKind(wanted, got, "your answer")) ??
    firstOf(misses, ({ got }) => notFinite(got, "your answer")) ??
    pattern(misses, tolerance) ??
    wrongPart(misses, tolerance) ??
    rearranged(misses, tolerance) ??
    firstDifference(wanted, got, tolerance);
}

/** Of named values, what is wrong with the first wrong one, and which are right. */
function wrongPart(misses: readonly Miss[], tolerance: number): string | undefined {
  const records = misses.map(({ wanted, got }) => ({ wanted, got }));
  if (!records.every(({ wanted, got }) => isRecord(wanted) && isRecord(got))) return undefined;
  const parts = (name: string) =>
    records.map(({ wanted, got }) => ({
      wanted: (wanted as PlainRecord)[name],
      got: (got as PlainRecord)[name],
    }));
  const isRight = (name: string) =>
    parts(name).every(({ wanted, got }) => agree(wanted, got, tolerance));
  const names = Object.keys(misses[0]!.wanted as PlainRecord);
  const wrong = names.find((name) => !isRight(name));
  if (wrong === undefined) return undefined;
  const right = names.filter(isRight);
  const wrongOnes = parts(wrong).filter(({ wanted, got }) => !agree(wanted, got, tolerance));
  const praise = right.length === 0 || names.length > 4 ? "" : `${right.join(" and ")}: right. `;
  return `${praise}${named(wrong)}: ${differenceInWords(wrongOnes, tolerance)}`;
}

function named(name: string): string {
  return /^\w+$/.test(name) ? name : `"${name}"`;
}

function firstOf(misses: readonly Miss[], find: (miss: Miss) => string | undefined) {
  for (const miss of misses) {
    const found = find(miss);
    if (found !== undefined) return found;
  }
  return undefined;
}

function kindOf(value: Plain): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  if (value === "a promise" || value === "a function") return value;
  return { number: "a number", string: "a text", boolean: "true or false" }[
    typeof value as "number" | "string" | "boolean"
  ];
}

/** Lists of another length, a text for a number, a name that is missing. */
function wrongKind(wanted: Plain, got: Plain, place: string): string | undefined {
  if (kindOf(got) === "a promise") {
    return "It answers with a promise: write it without `async` and `await` (`dataSync` reads a " +
      "tensor at once)";
  }
  if (kindOf(wanted) !== kindOf(got)) {
    return `Expected ${kindOf(wanted)} as ${place}, got ${kindOf(got)}`;
  }
  if (Array.isArray(wanted) && Array.isArray(got)) {
    if (wanted.length !== got.length) {
      return `Expected ${wanted.length} elements in ${place}, got ${got.length}${
        transposedShape(wanted, got) ? ": rows and columns look exchanged" : ""
      }`;
    }
    return firstPart(wanted.map((part, i) => wrongKind(part, got[i], `${place}[${i}]`)));
  }
  if (isRecord(wanted) && isRecord(got)) {
    const extra = Object.keys(got).find((name) => !(name in wanted));
    return firstPart(
      Object.keys(wanted).map((name) =>
        name in got
          ? wrongKind(wanted[name], got[name], named(name))
          : `Expected an entry ${named(name)} in ${place}, found none`
      ),
    ) ??
      (extra === undefined ? undefined : `There is an entry ${named(extra)} too many in ${place}`);
  }
  return undefined;
}

function firstPart(found: (string | undefined)[]): string | undefined {
  return found.find((one) => one !== undefined);
}

function transposedShape(wanted: Plain[], got: Plain[]): boolean {
  const [inner, other] = [wanted[0], got[0]];
  return Array.isArray(inner) && Array.isArray(other) &&
    inner.length === got.length && other.length === wanted.length;
}

function notFinite(got: Plain, place: string): string | undefined {
  if (typeof got === "number" && !Number.isFinite(got)) {
    const reason = Number.isNaN(got)
      ? "something undefined was computed with, or 0/0, or ∞ − ∞"
      : "a division by 0, the logarithm of 0, or a power too large";
    return `There is ${got} in ${place}: ${reason}`;
  }
  if (Array.isArray(got)) return firstPart(got.map((part, i) => notFinite(part, `${place}[${i}]`)));
  if (isRecord(got)) {
    return firstPart(Object.entries(got).map(([name, part]) => notFinite(part, name)));
  }
  return undefined;
}

/** All numbers of an answer in order; undefined when there is anything else in it. */
function numbersOf(value: Plain): number[] | undefined {
  if (typeof value === "number") return [value];
  const parts = Array.isArray(value) ? value : isRecord(value) ? Object.values(value) : undefined;
  const lists = parts?.map(numbersOf);
  return lists?.every((list) => list !== undefined) ? lists.flat() as number[] : undefined;
}

/** Something that holds for every number: a sign, a factor, an offset. */
function pattern(misses: readonly Miss[], tolerance: number): string | undefined {
  const lists = misses.map(({ wanted, got }) => [numbersOf(wanted), numbersOf(got)]);
  if (lists.some(([wanted, got]) => !wanted || !got || wanted.length !== got.length)) return;
  const pairs = lists.map(([wanted, got]) => wanted!.map((w, i) => [w, got![i]!] as const));
  const all = pairs.flat();
  const every = (holds: (wanted: number, got: number) => boolean) =>
    all.length > 0 && all.every(([wanted, got]) => holds(wanted, got));
  const close = (a: number, b: number) => near(a, b, Math.max(tolerance, 1e-6));
  if (every((_, got) => got === 0)) return "Everything in your answer is 0";
  if (all.length > 1 && every((_, got) => got === all[0]![1])) {
    return `Your answer is ${inWords(all[0]![1])} whatever the input`;
  }
  if (every((wanted, got) => close(-wanted, got))) return "The sign is the wrong way round";
  const factor = factorOf(all);
  if (factor !== undefined) return factorInWords(factor);
  if (every((wanted, got) => close(Math.exp(wanted), got))) {
    return "Your answer is e to the power of the right one: is a logarithm missing?";
  }
  if (every((wanted, got) => wanted > 0 && close(Math.log(wanted), got))) {
    return "Your answer is the logarithm of the right one";
  }
  const offset = all[0]![1] - all[0]![0];
  if (all.length > 1 && every((wanted, got) => close(wanted + offset, got))) {
    return `Every number is too ${offset > 0 ? "large" : "small"} by ${inWords(Math.abs(offset))}`;
  }
  const factors = pairs.map(factorOf);
  if (all.length > pairs.length && factors.every((one) => one !== undefined)) {
    const seen = factors.slice(0, 3).map((one) => inWords(one!)).join(", ");
    return `Within one answer all numbers are off by the same factor, which differs from input ` +
      `to input (${seen}): is it divided by the right number?`;
  }
  return undefined;
}

/** The one factor between wanted and got, if there is one and it is not 1. */
function factorOf(pairs: readonly (readonly [number, number])[]): number | undefined {
  const telling = pairs.filter(([wanted]) => Math.abs(wanted) > 1e-9);
  if (telling.length < 2) return undefined;
  const factor = telling[0]![1] / telling[0]![0];
  const holds = pairs.every(([wanted, got]) =>
    Math.abs(factor * wanted - got) <= 1e-5 * Math.max(Math.abs(wanted), Math.abs(got), 1e-6)
  );
  return holds && factor !== 0 && Math.abs(factor - 1) > 1e-5 ? factor : undefined;
}

function factorInWords(factor: number): string {
  const inverse = 1 / factor;
  const times = Math.abs(factor) < 1 && near(inverse, Math.round(inverse), 1e-4)
    ? `1/${Math.round(inverse)}`
    : inWords(factor);
  return `Every number is ${times} times what it should be`;
}

/** Right numbers at wrong places. */
function rearranged(misses: readonly Miss[], tolerance: number): string | undefined {
  const all = (change: (wanted: Plain[]) => Plain) =>
    misses.every(({ wanted, got }) =>
      Array.isArray(wanted) && agree(change(wanted), got, tolerance)
    );
  if (all((wanted) => wanted.toReversed())) return "The right elements in reverse order";
  if (all(transpose)) return "Rows and columns are exchanged: transpose it";
  if (all((wanted) => [...wanted.slice(1), ...wanted.slice(0, 1)])) {
    return "The right elements, one place too early";
  }
  if (all((wanted) => [...wanted.slice(-1), ...wanted.slice(0, -1)])) {
    return "The right elements, one place too late";
  }
  return undefined;
}

function transpose(table: Plain[]): Plain {
  const first = table[0];
  if (!Array.isArray(first)) return table;
  return first.map((_, column) => table.map((row) => (row as Plain[])[column]));
}

function firstDifference(wanted: Plain, got: Plain, tolerance: number): string {
  if (typeof wanted === "string" && typeof got === "string") {
    const place = [...wanted].findIndex((sign, index) => got[index] !== sign);
    return `The texts part at position ${place < 0 ? wanted.length : place}`;
  }
  const [right, mine] = [numbersOf(wanted), numbersOf(got)];
  if (!right || !mine || right.length !== mine.length || right.length < 2) {
    if (typeof wanted === "boolean") return `It says ${got} where ${wanted} is right`;
    return typeof wanted === "number" && typeof got === "number" && near(got, wanted, 0.01)
      ? "Close, but not close enough: is a small term missing, or something rounded?"
      : "The value is another one: go through the example below by hand";
  }
  const wrong = right.map((_, i) => i).filter((i) => !near(mine[i]!, right[i]!, tolerance));
  const first = wrong[0]!;
  return `${right.length - wrong.length} of ${right.length} numbers are right; number ${
    first + 1
  } should be ${inWords(right[first]!)} and is ${inWords(mine[first]!)}`;
}
