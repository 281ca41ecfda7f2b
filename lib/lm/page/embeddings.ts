/** What the character vectors learned: characters of a class lie together. */
import { type PageItem, scatter } from "../../plot/mod.ts";
import { analyseEmbeddings, besideUntrained } from "../analysis/mod.ts";
import { percent } from "../run/report.ts";
import { besides, fact } from "./format.ts";
import type { Inside } from "./inside.ts";

/** The vectors in the plane, and how far the classes lie apart. */
export async function embeddingItems({ model, untrained, task }: Inside): Promise<PageItem[]> {
  const { grammar } = task;
  if (await analyseEmbeddings(model, grammar) === null) return [];
  const { trained, ...others } = await besideUntrained(model, {
    untrained,
    analyse: async (model) => (await analyseEmbeddings(model, grammar))!,
  });
  const { classes, labels, characters, x, y, explained, separation, nearestMean } = trained;
  const of = (label: number) => labels.keys().filter((i) => labels[i] === label).toArray();
  return [
    scatter({
      title: "Character vectors, seen from their widest side",
      labels: characters.length < 100,
      equalAxes: true,
      series: classes.map((name, label) => ({
        name,
        x: of(label).map((i) => x[i]!),
        y: of(label).map((i) => y[i]!),
        text: of(label).map((i) => characters[i]!),
      })),
    }),
    fact(
      `${percent(separation)} of what tells the vectors apart tells the classes apart (${
        besides(others, ({ separation }) => percent(separation))
      }, by chance ${percent(trained.separationByChance)}), and ${
        percent(nearestMean)
      } of the characters lie nearest to their own class (` +
        `${besides(others, ({ nearestMean }) => percent(nearestMean))}, by chance ${
          percent(trained.nearestMeanByChance)
        }). The picture shows ${percent(explained)} of all differences.`,
    ),
  ];
}
