/** Numbers as people read them: four digits tell a value, all sixteen of them hide it. */

/** A number with four digits, or a list or plain object of them; whole numbers stay whole. */
export function rounded(thing: unknown, depth = 0): unknown {
  if (typeof thing === "number") return roundedNumber(thing);
  if (thing instanceof Float32Array || thing instanceof Float64Array) {
    return Array.from(thing, roundedNumber);
  }
  if (depth > 8) return thing; // it may contain itself
  if (Array.isArray(thing)) return thing.map((part) => rounded(part, depth + 1));
  if (!isPlainObject(thing)) return thing;
  const entries = Object.entries(thing).map(([key, part]) => [key, rounded(part, depth + 1)]);
  return Object.fromEntries(entries);
}

function roundedNumber(value: number): number {
  if (Number.isInteger(value)) return value;
  return Number(Math.abs(value) < 1000 ? value.toPrecision(4) : value.toFixed(1));
}

/** Not one that shows itself, by a method under a symbol. */
function isPlainObject(thing: unknown): thing is object {
  return typeof thing === "object" && thing !== null &&
    Object.getPrototypeOf(thing) === Object.prototype &&
    Object.getOwnPropertySymbols(thing).length === 0;
}
