/**
 * Sizes of a saved model, read from a description that may come from anywhere: each is held to what it
 * can be before anything of that size is made.
 */
/** A description's sizes, as they are found. */
export type SavedSizes = Readonly<Record<string, unknown>>;

/** Sizes beyond this are refused; no tensor of a model that fits into memory has them. */
const LARGEST = 2 ** 24;

/** Whole numbers of at least 1 by name. */
export function wholeNumbers<const Name extends string>(
  config: SavedSizes,
  names: readonly Name[],
): Record<Name, number> {
  const entries = names.map((name) => {
    const value = config[name];
    // subtle: layers are not a dimension of any tensor, so nothing else would stop a billion of them
    const most = name === "layers" ? 1024 : LARGEST;
    if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= most) {
      return [name, value] as const;
    }
    throw wrongSize(name, { value, wanted: `a whole number from 1 to ${most}` });
  });
  return Object.fromEntries(entries) as Record<Name, number>;
}

/** One of several words. */
export function oneOf<const Word extends string>(
  config: SavedSizes,
  { name, among }: { name: string; among: readonly Word[] },
): Word {
  const found = among.find((one) => one === config[name]);
  if (found !== undefined) return found;
  throw wrongSize(name, { value: config[name], wanted: `one of ${among.join(", ")}` });
}

/** True or false. */
export function truth(config: SavedSizes, name: string): boolean {
  const value = config[name];
  if (typeof value === "boolean") return value;
  throw wrongSize(name, { value, wanted: "true or false" });
}

/** A share of at least 0 and below 1. */
export function share(config: SavedSizes, name: string): number {
  const value = config[name];
  if (typeof value === "number" && value >= 0 && value < 1) return value;
  throw wrongSize(name, { value, wanted: "a number of at least 0 and below 1" });
}

/** The error for a size that cannot be. */
export function wrongSize(
  name: string,
  { value, wanted }: { value: unknown; wanted: string },
): RangeError {
  const got = (JSON.stringify(value) ?? String(value)).slice(0, 80);
  return new RangeError(`expected ${wanted} as ${name}, got ${got}`);
}
