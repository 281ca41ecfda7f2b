import type { Automaton } from "./automaton.ts";
import type { Analysis } from "./ideal.ts";

/** A rule with a number N in it: one grammar for every N. */
export interface Family {
  /** Its name on the command line and in reports. */
  readonly name: string;
  /** What it shows, in a few words. */
  readonly title: string;
  /** The smallest N for which the rule means something. */
  readonly least: number;
  /** The largest N whose exact answers, up to k = N + 1, take seconds and not minutes. */
  readonly most: number;
  /** The rule in words. */
  readonly describe: (n: number) => string;
  /** The rule as an automaton. */
  readonly build: (n: number) => Automaton;
  /** The exact answers, where the states are too many to be listed. */
  readonly analyse?: (n: number) => Analysis;
}
