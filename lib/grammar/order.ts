/**
 * How much context a language needs: the smallest k whose ideal k-gram never errs.
 *
 * A k-gram model errs exactly when two states that allow different things can lie behind one context
 * of k−1 symbols. Call two states a pair, and let a symbol that both allow lead the pair on to where
 * it leads the two. Behind a context of m symbols lie the states that m common symbols lead to, so
 * a pair is confused by m symbols when some m steps lead into it. (A context with padding shows the
 * whole string so far, and with it the state.)
 *
 * Pairs that no step enters are confused by 0 symbols only; take them away, and those that nothing
 * enters then are confused by 1 at most; and so on. What never goes away lies on a loop of pairs, or
 * behind one, and is confused by contexts of every length. So an answer of null is proven.
 */
import type { Automaton } from "./automaton.ts";

/** The smallest k such that k−1 symbols always tell what may follow; null when no k does. */
export function minimalOrder(automaton: Automaton): number | null {
  const { states } = automaton;
  const allowed = states.map(({ arrows, end }) =>
    `${arrows.map(({ symbol }) => symbol).sort()} ${end > 0}`
  );
  const confusing = longestConfusions(automaton);
  let order = 1; // where all states allow the same no context is needed
  for (let s = 1; s < states.length; s++) {
    for (let t = 0; t < s; t++) {
      if (allowed[s] === allowed[t]) continue;
      const length = confusing(s, t);
      if (length === Infinity) return null;
      order = Math.max(order, length + 2); // one symbol more tells them apart, one is predicted
    }
  }
  return order;
}

/** For each pair of states the length of the longest context that confuses them. */
function longestConfusions(automaton: Automaton): (s: number, t: number) => number {
  const size = automaton.states.length;
  const follow = pairFollower(automaton);
  const steps = new Uint32Array(size * size); // steps into the pair {s, t}, t < s, at s · size + t
  for (let s = 1; s < size; s++) {
    for (let t = 0; t < s; t++) follow(s, t, (a, b) => steps[a * size + b]!++);
  }
  const removed = new Uint32Array(size * (size - 1) / 2); // pairs in the order they go away
  let count = 0;
  for (let s = 1; s < size; s++) {
    for (let t = 0; t < s; t++) if (steps[s * size + t] === 0) removed[count++] = s * size + t;
  }
  const longest = new Float32Array(size * size).fill(Infinity);
  let length = 0;
  for (let first = 0, layerEnd = count; first < layerEnd; length++, layerEnd = count) {
    for (; first < layerEnd; first++) {
      const pair = removed[first]!;
      longest[pair] = length;
      follow(Math.floor(pair / size), pair % size, (a, b) => {
        if (--steps[a * size + b]! === 0) removed[count++] = a * size + b;
      });
    }
  }
  return (s, t) => longest[s * size + t]!;
}

/** Visits the pairs, larger state first, that one common symbol leads a pair to. */
function pairFollower({ symbols, states }: Automaton) {
  const targets = new Int32Array(states.length * symbols.length).fill(-1);
  states.forEach(({ arrows }, state) => {
    for (const { symbol, target } of arrows) targets[state * symbols.length + symbol] = target;
  });
  return (s: number, t: number, visit: (s: number, t: number) => void) => {
    for (let symbol = 0; symbol < symbols.length; symbol++) {
      const a = targets[s * symbols.length + symbol]!;
      const b = targets[t * symbols.length + symbol]!;
      if (a >= 0 && b >= 0 && a !== b) visit(Math.max(a, b), Math.min(a, b));
    }
  };
}
