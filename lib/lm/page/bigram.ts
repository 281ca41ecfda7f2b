/** What the trained bigram learned: its table beside the counts and the truth. */
import type { Grammar } from "../../grammar/mod.ts";
import { grid, heatMap, type PageItem } from "../../plot/mod.ts";
import { besideUntrained, compareBigrams } from "../analysis/mod.ts";
import { createCountModel } from "../models/count_ngram.ts";
import type { Vocabulary } from "../data/vocabulary.ts";
import { besides, fact } from "./format.ts";
import type { Inside } from "./inside.ts";

/** The trained table, the counted one, the best there can be, and how they correlate. */
export async function bigramItems({ model, untrained, task }: Inside): Promise<PageItem[]> {
  const { grammar, corpus: { vocabulary, train } } = task;
  const counted = createCountModel({ order: 2, vocabulary, strings: train.encoded });
  const tokens = Array.from({ length: vocabulary.size }, (_, token) => token);
  const truth = tokens.map((last) => trueSuccessors(grammar, { last, vocabulary }));
  const { trained: table, ...others } = await besideUntrained(model, {
    untrained,
    analyse: (model) => compareBigrams(model, { counted, truth }),
  });
  const names = tokens.map((token) => vocabulary.symbol(token));
  const map = (title: string, z: number[][]) =>
    heatMap({ title, z, columns: names, rows: names, zmin: 0, zmax: 0.06 });
  return [
    fact(
      `Over all pairs that were seen, the log-probabilities of the trained table correlate with ` +
        `those of the counts by ${table.withCounts.toFixed(4)} (` +
        `${
          besides(others, ({ withCounts }) => withCounts.toFixed(4))
        }), and with those of the best bigram model there can be ` +
        `by ${table.withTruth.toFixed(4)} (${
          besides(others, ({ withTruth }) => withTruth.toFixed(4))
        }).`,
    ),
    grid({
      title: "P(next | last): trained, counted and true",
      columns: 3,
      figures: [
        map("trained", table.model),
        map("counted", table.counted),
        map("true", table.truth),
      ],
    }),
  ];
}

/** P(next | last) of the best bigram model, in token order: end first. */
function trueSuccessors(
  grammar: Grammar,
  { last, vocabulary }: { last: number; vocabulary: Vocabulary },
): number[] {
  const context = last === vocabulary.start ? "" : vocabulary.symbol(last);
  const { end, characters } = grammar.idealPrediction(context, 2);
  return [end, ...grammar.alphabet.map((character) => characters.get(character) ?? 0)];
}
