/**
 * How much context a language needs: the smallest k whose ideal k-gram never errs.
 *
 * A k-gram model errs exactly when two states that allow different things can lie behind one context
 * of k−1 symbols. Call two states a pair, and let a symbol that both allow lead the pair on to where
 * it leads the two. Behind a context of m symbols lie the states that m common symbols lead to, so
 * the pair {s, t} is confused by m symbols when m steps lead into it. (A context with padding shows
 * the whole string so far, and with it the state.)
 *
 * Pairs that no step enters are confused by 0 symbols only; take them away, and those that nothing
 * enters then are confused by 1 at most; and so on. What never goes away lies on a loop of pairs, or
 * behind one, and is confused by contexts of every length. So an answer of null is proven.
 */
import type { Automaton } from "./automaton.ts";

/** The smallest k such that k−1 symbols always tell what may follow; null when no k does. */
export function minimalOrder({ symbols, states }: Automaton): number | null {
  const targets = states.map(({ arrows }) => {
    const row = new Int32Array(symbols.length).fill(-1);
    for (const { symbol, target } of arrows) row[symbol] = target;
    return row;
  });
  const support = states.map(({ end }, state) => `${targets[state]!.map(Math.sign)} ${end > 0}`);
  const entries = new Uint32Array(states.length * (states.length - 1) / 2);

  /** Calls `visit` for all pairs that one step leads to. */
  function follow(s: number, t: number, visit: (s: number, t: number) => void): void {
    for (let symbol = 0; symbol < symbols.length; symbol++) {
      const a = targets[s]![symbol]!;
      const b = targets[t]![symbol]!;
      if (a >= 0 && b >= 0 && a !== b) visit(Math.max(a, b), Math.min(a, b));
    }
  }

  const index = (s: number, t: number) => s * (s - 1) / 2 + t;
  const all = function* () {
    for (let s = 1; s < states.length; s++) for (let t = 0; t < s; t++) yield [s, t] as const;
  };
  for (const [s, t] of all()) follow(s, t, (a, b) => entries[index(a, b)]!++);

  let order = 1;
  let layer = [...all().filter(([s, t]) => entries[index(s, t)] === 0)];
  for (let length = 0; layer.length > 0; length++) {
    if (layer.some(([s, t]) => support[s] !== support[t])) order = length + 2;
    const following: (readonly [number, number])[] = [];
    for (const [s, t] of layer) {
      follow(s, t, (a, b) => {
        if (--entries[index(a, b)]! === 0) following.push([a, b]);
      });
    }
    layer = following;
  }
  const confusedForEver = all().some(([s, t]) =>
    entries[index(s, t)]! > 0 && support[s] !== support[t]
  );
  return confusedForEver ? null : order;
}
