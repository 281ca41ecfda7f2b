/** Byte-pair encoding of one word (Sennrich et al., 2016): merge the pair learned first, again and again. */
import TinyQueue from "tinyqueue";

/** The rank of a pair of token ids, lower is merged earlier, and the id of what it becomes. */
export interface Merge {
  readonly rank: number;
  readonly id: number;
}

/** Looks up the merge of two neighbouring tokens. */
export type FindMerge = (left: number, right: number) => Merge | undefined;

interface Candidate extends Merge {
  readonly position: number;
  readonly left: number;
  readonly right: number;
}

/**
 * The tokens of a word after all merges: the lowest rank first, from the left. A queue of candidates
 * over a linked list makes it O(n log n), so that a long word of one letter is no trap.
 */
export function mergeWord(word: readonly number[], findMerge: FindMerge): number[] {
  const ids = [...word];
  const next = ids.map((_, position) => position + 1);
  const previous = ids.map((_, position) => position - 1);
  const queue = new TinyQueue<Candidate>(
    [],
    (a, b) => a.rank - b.rank || a.position - b.position,
  );
  const propose = (position: number) => {
    const left = ids[position]!;
    const right = ids[next[position]!];
    if (right === undefined) return;
    const merge = findMerge(left, right);
    if (merge) queue.push({ rank: merge.rank, id: merge.id, position, left, right });
  };
  for (let position = 0; position + 1 < ids.length; position++) propose(position);
  for (let best = queue.pop(); best; best = queue.pop()) {
    const { position, left, right, id } = best;
    const other = next[position]!;
    if (ids[position] !== left || ids[other] !== right) continue; // one of the two is gone
    ids[position] = id;
    ids[other] = -1;
    next[position] = next[other]!;
    if (next[other]! < ids.length) previous[next[other]!] = position;
    if (previous[position]! >= 0) propose(previous[position]!);
    propose(position);
  }
  return ids.filter((id) => id >= 0);
}
