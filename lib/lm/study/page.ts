/** A study as a page: who understands which rule, how far they look, how soon, at what cost. */
import { largestOf } from "../../extremes.ts";
import {
  bars,
  type Figure,
  heatMap,
  type HtmlFragment,
  htmlTable,
  lines,
  page,
  scatter,
  type Section,
} from "../../plot/mod.ts";
import type { GrammarSummary, ModelSummary, Spread } from "./summary.ts";

/** Draws a study as one self-contained HTML page. */
export function buildStudyPage(grammars: readonly GrammarSummary[]): string {
  const families = [...new Set(grammars.map(({ family }) => family))];
  return page({
    title: "Who understands which rule?",
    intro:
      "Every model on every grammar, over several seeds. N is the number of characters that an " +
      "n-gram model must see to get everything right. The rows named ideal are exact: a k-gram model " +
      "that knows the language perfectly and sees no further.",
    sections: [
      ...families.map((family) =>
        familySection(family, grammars.filter((grammar) => grammar.family === family))
      ),
      costSection(grammars),
    ],
  });
}

function familySection(family: string, grammars: readonly GrammarSummary[]): Section {
  return {
    title: family,
    items: [
      accuracyMap(family, grammars),
      ...exactMap(family, grammars),
      orderMap(family, grammars),
      understoodBars(family, grammars),
      ...grammars.flatMap((grammar) => [crossingTable(grammar), curves(grammar)]),
    ],
  };
}

/** Roles of all grammars, in the order in which they first come. */
function rolesOf(grammars: readonly GrammarSummary[]): string[] {
  return [...new Set(grammars.flatMap(({ models }) => models.map(({ role }) => role)))];
}

function find({ models }: GrammarSummary, role: string): ModelSummary | undefined {
  return models.find((model) => model.role === role);
}

function accuracyMap(family: string, grammars: readonly GrammarSummary[]): Figure {
  const roles = rolesOf(grammars);
  const orders = Array.from(
    { length: largestOf(grammars.map(({ idealMembership }) => idealMembership.length)) },
    (_, i) => i,
  );
  const accuracies = roles.map((role) => grammars.map((grammar) => find(grammar, role)?.accuracy));
  const z = [
    ...accuracies.map((row) => row.map(percent)),
    ...orders.map((i) => grammars.map(({ idealMembership }) => 100 * (idealMembership[i] ?? NaN))),
  ];
  return heatMap({
    title: `${family}: new strings that follow the rule, in per cent`,
    columns: grammars.map(({ n }) => `N = ${n}`),
    rows: [...roles, ...orders.map((i) => `ideal ${i + 1}-gram`)],
    z,
    text: z.map((row, i) => row.map((value, j) => cellText(value, accuracies[i]?.[j]))),
    zmin: 0,
    zmax: 100,
    height: 120 + 26 * z.length,
  });
}

/** The exact accuracies, where a model has one; nothing where none has. */
function exactMap(family: string, grammars: readonly GrammarSummary[]): Figure[] {
  const roles = rolesOf(grammars).filter((role) =>
    grammars.some((grammar) => find(grammar, role)?.exactAccuracy)
  );
  const exact = roles.map((role) => grammars.map((grammar) => find(grammar, role)?.exactAccuracy));
  if (roles.length === 0) return [];
  const z = exact.map((row) => row.map(percent));
  return [heatMap({
    title: `${family}: exact accuracy of all strings that could be written, in per cent`,
    columns: grammars.map(({ n }) => `N = ${n}`),
    rows: roles,
    z,
    text: z.map((row, i) => row.map((value, j) => cellText(value, exact[i]?.[j]))),
    zmin: 0,
    zmax: 100,
    height: 120 + 26 * z.length,
  })];
}

/** When each model fell below the line of each ideal k-gram that sees too little. */
function crossingTable({ family, n, models, setting }: GrammarSummary): HtmlFragment {
  const trained = models.filter(({ crossings }) => crossings.length > 0);
  const lines = trained[0]?.crossings ?? [];
  return htmlTable({
    caption:
      `${family} ${n}: steps until the validation loss lies below the line of each ideal k-gram, ` +
      `and until it is nearer to the floor than to the last line; mean ± deviation over ${setting.seeds} seeds`,
    head: [
      "model",
      "weights",
      ...lines.map((_, i) => `below ideal ${i + 1}`),
      "nearer to the floor",
    ],
    rows: trained.map(({ role, parameters, crossings, understood, understoodAt }) => [
      role,
      parameters ?? "–",
      ...crossings.map(({ seeds, step }) => stepsText(step, { seeds, of: setting.seeds })),
      stepsText(understoodAt, { seeds: understood ?? 0, of: setting.seeds }),
    ]),
  });
}

/** Steps with their deviation, and in how many seeds where not in all. */
export function stepsText(
  step: Spread | null,
  { seeds, of }: { seeds: number; of: number },
): string {
  if (step === null) return "never";
  const several = seeds > 1 ? ` ± ${Math.round(step.deviation)}` : "";
  return `${Math.round(step.mean)}${several}${seeds < of ? ` (${seeds} of ${of})` : ""}`;
}

function orderMap(family: string, grammars: readonly GrammarSummary[]): Figure {
  const roles = rolesOf(grammars).filter((role) =>
    grammars.some((grammar) => find(grammar, role)?.measuredOrder)
  );
  const z = roles.map((role) =>
    grammars.map((grammar) => find(grammar, role)?.measuredOrder?.mean ?? NaN)
  );
  return heatMap({
    title: `${family}: characters of context that the loss proves to be used (measured order)`,
    columns: grammars.map(({ n }) => `N = ${n}`),
    rows: roles,
    z,
    text: z.map((row) => row.map((value) => Number.isNaN(value) ? "" : `${+value.toFixed(2)}`)),
    zmin: 1,
    zmax: largestOf(grammars.map(({ n }) => n)),
    height: 120 + 26 * z.length,
  });
}

function understoodBars(family: string, grammars: readonly GrammarSummary[]): Figure {
  const roles = rolesOf(grammars).filter((role) =>
    grammars.some((grammar) => find(grammar, role)?.understood !== null)
  );
  const at = (grammar: GrammarSummary, role: string) => find(grammar, role)?.understoodAt;
  return bars({
    title: `${family}: steps until each model gets it (no bar: never)`,
    y: "steps",
    categories: roles,
    series: grammars.map((grammar) => {
      const steps = roles.map((role) => at(grammar, role));
      return {
        name: `N = ${grammar.n}`,
        values: steps.map((step) => step?.mean ?? 0),
        low: steps.map((step) => edge(step, -1) ?? 0),
        high: steps.map((step) => edge(step, 1) ?? 0),
      };
    }),
  });
}

function curves({ family, n, models, entropyFloor, idealLoss }: GrammarSummary): Figure {
  return lines({
    title: `${family} ${n}: validation loss, mean and deviation over seeds`,
    x: "step",
    y: "nats a token",
    series: models.flatMap(({ role, curve }) =>
      curve === null ? [] : [{
        name: role,
        x: curve.step,
        y: curve.mean,
        low: curve.mean.map((mean, i) => mean - curve.deviation[i]!),
        high: curve.mean.map((mean, i) => mean + curve.deviation[i]!),
      }]
    ),
    references: [
      ...idealLoss.map((y, i) => ({ name: `ideal ${i + 1}-gram`, y })),
      { name: "entropy floor", y: entropyFloor },
    ],
  });
}

function costSection(grammars: readonly GrammarSummary[]): Section {
  const against = (title: string, pick: (model: ModelSummary) => number | null | undefined) =>
    scatter({
      title,
      x: title.split(" against")[0]!.toLowerCase(),
      y: "excess loss, nats a token",
      logX: true,
      logY: true,
      series: rolesOf(grammars).flatMap((role) => {
        const found = grammars.flatMap((grammar) => {
          const model = find(grammar, role);
          const x = model && pick(model);
          const y = model?.excessLoss?.mean;
          return x && y && y > 0 ? [{ x, y, text: `${grammar.family} ${grammar.n}` }] : [];
        });
        if (found.length === 0) return [];
        return [{
          name: role,
          x: found.map(({ x }) => x),
          y: found.map(({ y }) => y),
          text: found.map(({ text }) => text),
        }];
      }),
    });
  return {
    title: "What it cost",
    items: [
      against("Weights against excess loss", ({ parameters }) => parameters),
      against("Seconds against excess loss", ({ seconds }) => seconds?.mean),
    ],
  };
}

/** A percentage, with its deviation where there are several seeds; nothing for NaN. */
function cellText(value: number, spread: Spread | null | undefined): string {
  if (Number.isNaN(value)) return "";
  const several = spread && spread.seeds > 1;
  return value.toFixed(1) + (several ? ` ± ${(100 * spread.deviation).toFixed(1)}` : "");
}

function percent(spread: Spread | null | undefined): number {
  return spread ? 100 * spread.mean : NaN;
}

function edge(spread: Spread | null | undefined, side: 1 | -1): number | undefined {
  return spread ? spread.mean + side * spread.deviation : undefined;
}
