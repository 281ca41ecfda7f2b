/** Which grammars a study is of. */
import { UsageError } from "../../errors.ts";
import { createGrammar } from "../../grammar/mod.ts";

/** A family and an N that it takes. */
export interface PlannedGrammar {
  readonly grammar: string;
  readonly n: number;
}

/**
 * Every family with every N that it takes.
 *
 * @throws UsageError where none is left
 */
export function plannedGrammars(
  grammars: readonly string[],
  n: readonly number[],
): PlannedGrammar[] {
  const accepted = grammars.flatMap((grammar) =>
    n.filter((n) => n >= leastOf(grammar)).map((n) => ({ grammar, n }))
  );
  if (accepted.length === 0) throw new UsageError(`Expected an N that a grammar takes, got ${n}`);
  return accepted;
}

/** The least N of a family: what is smaller is left out rather than refused. */
function leastOf(family: string): number {
  for (let n = 1; n < 4; n++) {
    try {
      return createGrammar(family, n).n;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return 0; // unknown: refused with its name by the check of the plan
}
