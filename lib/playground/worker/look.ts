/** All that is seen of a model at one moment of its training. */
import { analyseCharacters } from "../../lm/analysis/characters.ts";
import { attentionOn } from "../../lm/analysis/attention.ts";
import { characterVectors } from "../../lm/analysis/embeddings.ts";
import { observePositions } from "../../lm/analysis/observe.ts";
import { projectToPlane } from "../../lm/analysis/project.ts";
import { evaluateAgainstGrammar } from "../../lm/judging/evaluate.ts";
import { judgeSamples, measuredOrder } from "../../lm/judging/judge.ts";
import type { NeuralModel } from "../../lm/language_model.ts";
import { sample } from "../../lm/sampling/sample.ts";
import type { JudgedSample, Look, Points } from "../protocol.ts";
import { alignTo } from "./align.ts";
import type { OpenLesson } from "./lesson.ts";

/** Strings that a model writes for each look. */
const WRITTEN = 200;

/** Those of them that are shown. */
const SHOWN = 8;

/** A string that has not ended after so many characters is left unfinished. */
const LONGEST = 200;

/** Test strings that measure the excess. */
const MEASURED = 400;

/** Test strings whose states are drawn. */
const DRAWN = 40;

/** When a look is taken, and what was seen before. */
export interface Moment extends Pick<Look, "number" | "step" | "seconds"> {
  readonly before: Look | undefined;
}

/** Looks at a model: what it knows, what it writes, and what is inside. */
export async function takeLook(
  model: NeuralModel,
  { open, moment: { before, ...moment } }: { open: OpenLesson; moment: Moment },
): Promise<Look> {
  const { grammar, corpus, example } = open;
  const strings = corpus.test.encoded.slice(0, MEASURED);
  const { excessLoss, excessError } = await evaluateAgainstGrammar(model, { grammar, strings });
  const loss = open.opened.floor + excessLoss;
  const written = await sample(model, {
    ...{ count: WRITTEN, seed: open.lesson.seed, maxLength: LONGEST },
  });
  const known = new Set(corpus.train.strings);
  return {
    ...moment,
    ...{ loss, excess: excessLoss },
    order: measuredOrder({ loss, error: excessError, idealLosses: open.opened.idealLoss }),
    generated: judgeSamples(written, { grammar, known }).generated,
    samples: await Promise.all(
      written.slice(0, SHOWN).map(
        async (one): Promise<JudgedSample> => ({
          ...one,
          characters: await analyseCharacters(one.text, { grammar, model }),
        }),
      ),
    ),
    embedding: aligned(await embeddingOf(model, open), before?.embedding),
    states: aligned(await statesOf(model, open), before?.states),
    attention: isTransformer(model)
      ? { text: example, heads: await attentionOn(model, example) }
      : null,
  };
}

/** Whether it has heads. */
export function isTransformer({ architecture }: NeuralModel): boolean {
  return architecture === "transformer";
}

async function embeddingOf(model: NeuralModel, { grammar }: OpenLesson): Promise<Points | null> {
  if (model.architecture === "bigram") return null; // its table is a row of logits a character
  const vectors = await characterVectors(model, grammar);
  if (!vectors) return null;
  const names = grammar.symbols.map(({ many }) => many);
  return { ...projectToPlane(vectors.rows), labels: vectors.labels, names };
}

/** The vectors from which a model predicts, after each character of some test strings. */
async function statesOf(
  model: NeuralModel,
  { grammar, corpus }: OpenLesson,
): Promise<Points | null> {
  if (model.architecture === "bigram") return null;
  const name = isTransformer(model) ? `block${Number(model.config.layers) - 1}` : "hidden";
  const encoded = corpus.test.encoded.slice(0, DRAWN);
  const { rows, states } = await observePositions(model, { grammar, encoded, name });
  const met = [...new Set(states)].sort((a, b) => a - b); // some grammars have states without end
  const names = met.map((state) => grammar.automaton.states[state]!.label || "start");
  return { ...projectToPlane(rows), labels: states.map((state) => met.indexOf(state)), names };
}

function aligned(points: Points | null, before: Points | null | undefined): Points | null {
  return points && before ? { ...points, ...alignTo(points, before) } : points;
}
