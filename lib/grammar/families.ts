import { anbn } from "./anbn.ts";
import { brackets } from "./brackets.ts";
import { dyck } from "./dyck.ts";
import { echo } from "./echo.ts";
import type { Family } from "./family.ts";
import { parity } from "./parity.ts";
import { runs } from "./runs.ts";
import { sticky } from "./sticky.ts";

/** All families; a new one is one file and one row. The first is the default. */
export const families: readonly Family[] = [
  sticky,
  runs,
  echo,
  parity,
  brackets,
  dyck,
  anbn,
];

/** The names of all families. */
export const grammarNames: readonly string[] = families.map(({ name }) => name);

/** The family of a name, once name and N are found to be good; throws a RangeError otherwise. */
export function requireFamily(name: string, n: number): Family {
  const family = families.find((family) => family.name === name);
  if (family === undefined) {
    throw new RangeError(`Expected a grammar among ${grammarNames.join(", ")}, got ${name}`);
  }
  const { least, most } = family;
  if (n < least) {
    throw new RangeError(`Expected N of at least ${least} for the ${name} grammar, got ${n}`);
  }
  if (n > most) {
    throw new RangeError(`Expected N of at most ${most} for the ${name} grammar, got ${n}`);
  }
  if (!Number.isInteger(n)) {
    throw new RangeError(
      `Expected N to be a whole number from ${least} to ${most} for the ${name} grammar, got ${n}`,
    );
  }
  return family;
}
