/** What each experiment of the page says will be seen, as something that can be found wrong. */
import { assert } from "@std/assert";
import { separation } from "../../lib/lm/analysis/project.ts";
import type { Look, Opened, Points } from "../../lib/playground/protocol.ts";

/** What was seen of a model. */
export interface Seen {
  readonly opened: Opened;
  readonly looks: readonly Look[];
}

/** Asserts what an experiment says of its models, given all that was seen of them. */
export type Claim = (models: readonly Seen[]) => void;

const end = ({ looks }: Seen) => looks.at(-1)!;
const accuracy = (seen: Seen) => end(seen).generated.accuracy ?? 0;

/** How far the states of the automaton lie apart in the picture, from 0 to 1. */
function apart(points: Points | null): number {
  if (!points) return 0;
  return separation(points.x.map((x, i) => [x, points.y[i]!]), points.labels);
}

/** By the experiments' names. */
export const claims: Readonly<Record<string, Claim>> = {
  wall: ([bigram, gru]) => {
    const wall = bigram!.opened.idealLoss[1]!;
    const lowest = bigram!.looks.reduce((least, { loss }) => Math.min(least, loss), Infinity);
    assert(lowest >= wall, `the bigram is at ${lowest}, below its line at ${wall}`);
    assert(end(bigram!).loss < wall + 0.05, "the bigram came to its line");
    assert(end(gru!).order === 3 && accuracy(gru!) > 0.9, "the GRU goes to the floor");
    assert(accuracy(bigram!) > 0.1 && accuracy(bigram!) < 0.4, `${accuracy(bigram!)} right`);
    assert(bigram!.opened.parameters > 2 * gru!.opened.parameters, "the bigram is larger");
  },
  heads: ([one, four]) => {
    assert(one!.opened.parameters === four!.opened.parameters, "both are of one size");
    const [far, near] = [end(one!).excess, end(four!).excess];
    assert(far > 1.5 * near, `one head is ${far} from the floor, four are ${near}`);
    assert(accuracy(one!) < accuracy(four!), `${accuracy(one!)} and ${accuracy(four!)} right`);
    assert(end(four!).attention!.heads.length === 4, "four maps of attention");
  },
  parity: ([gru]) => {
    const { floor, idealLoss } = gru!.opened;
    const [two, three] = [idealLoss[1]! - floor, idealLoss[2]! - floor];
    assert(three > 0.85 * two, "one letter less is worth almost nothing");
    const steps = gru!.opened.steps;
    const waited = gru!.looks.findLast(({ excess }) => excess > 0.8 * three)!.step;
    const fallen = gru!.looks.find(({ excess }) => excess < 0.2 * three)!.step;
    assert(waited > 0.05 * steps, `it waits for ${waited} of ${steps} steps`);
    assert(fallen - waited < 2 * waited, `it falls from step ${waited} to step ${fallen}`);
    assert(accuracy(gru!) > 0.9, `${accuracy(gru!)} right`);
  },
  states: ([gru]) => {
    const [before, after] = [apart(gru!.looks[0]!.states), apart(end(gru!).states)];
    assert(before < 0.6 && after > 0.85, `apart by ${before} before, by ${after} after`);
  },
  memory: ([mlp, gru]) => {
    assert(accuracy(mlp!) < 0.1, `the MLP: ${accuracy(mlp!)} right`);
    assert(accuracy(gru!) > 0.8, `the GRU: ${accuracy(gru!)} right`);
  },
  rate: ([usual, fast]) => {
    const early = Math.floor(usual!.looks.at(-1)!.step / 20);
    const at = ({ looks }: Seen) => looks.findLast(({ step }) => step <= early)!.excess;
    assert(at(fast!) < at(usual!), `at step ${early}: ${at(fast!)} and ${at(usual!)}`);
    const [near, far] = [end(usual!).excess, end(fast!).excess];
    assert(far > 5 * near && far > 0.05, `it ends ${far} from the floor, the other ${near}`);
  },
};
