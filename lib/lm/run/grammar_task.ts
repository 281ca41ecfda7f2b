/** Learning a grammar from strings that it wrote, and being judged by it. */
import { createGrammar, type Grammar } from "../../grammar/mod.ts";
import { stringBatches } from "../data/batches.ts";
import { type Corpus, type CorpusOptions, createGrammarCorpus } from "../data/corpus.ts";
import { evaluateAgainstGrammar, evaluateLoss } from "../judging/evaluate.ts";
import { knownAccuracy } from "../judging/accuracy.ts";
import { judgeSamples, measuredOrder } from "../judging/judge.ts";
import {
  frequentMembers,
  likeliestMistake,
  type Member,
  mostNeglected,
} from "../judging/mistake.ts";
import { finiteOrNull, type GrammarReport, type Report, reportGrammar } from "./report.ts";
import type { Task } from "./task.ts";

/** Which grammar is learned, from how many strings. */
export interface GrammarOptions extends CorpusOptions {
  /** Family of the grammar. */
  grammar: string;
  /** The grammar's N. */
  n: number;
  /** Passes through the training strings. */
  epochs: number;
  /** Most characters that a Transformer sees at once; its own default where not given. */
  context?: number | undefined;
}

/** A run on a grammar. */
export interface GrammarTask extends Task {
  /** Tells it from a task on a text. */
  readonly kind: "grammar";
  /** What the report says of it. */
  readonly description: { grammar: GrammarReport; corpus: Report["corpus"] };
  /** The language, and judge of its strings. */
  readonly grammar: Grammar;
  /** Strings that it wrote. */
  readonly corpus: Corpus;
}

/** The grammar's most frequent strings, among which the most neglected one is looked for. */
const MEMBERS = 1000;

/** A string that has not ended after so many tokens is left unfinished: one in many thousands. */
const LONGEST_SAMPLE = 1000;

/**
 * Makes the grammar and draws the strings.
 *
 * @throws RangeError on a family or an N that does not exist
 */
export function openGrammarTask(options: GrammarOptions): GrammarTask {
  const grammar = createGrammar(options.grammar, options.n);
  const corpus = createGrammarCorpus(grammar, options);
  const { vocabulary, train, valid, test } = corpus;
  const known = new Set(train.strings);
  const { seed } = options;
  let frequent: Promise<Member[]> | undefined; // the same for all models
  const members = () => frequent ??= frequentMembers(grammar, MEMBERS);
  const report = reportGrammar(grammar, test.strings);
  return {
    kind: "grammar",
    grammar,
    corpus,
    ingredients: {
      ...{ vocabulary, grammar, contextLength: options.context },
      strings: () => train.encoded,
    },
    batches: stringBatches({ train: train.encoded, valid: valid.encoded, vocabulary }),
    epochs: options.epochs,
    tokens: { counted: train.tokens, epoch: train.tokens },
    longestSample: LONGEST_SAMPLE,
    identity: {},
    description: {
      grammar: report,
      corpus: {
        train: train.strings.length,
        valid: valid.strings.length,
        test: test.strings.length,
        tokens: train.tokens,
      },
    },
    evaluate: async (model) => {
      const { exact, bounds, estimate } = await knownAccuracy(model, { grammar, seed });
      const losses = await evaluateAgainstGrammar(model, { grammar, strings: test.encoded });
      const excessLoss = exact?.excessLoss ?? losses.excessLoss;
      const trainLoss = await evaluateLoss(model, train.encoded.slice(0, test.encoded.length));
      const validLoss = await evaluateLoss(model, valid.encoded);
      return {
        trainLoss: finiteOrNull(trainLoss),
        validLoss: finiteOrNull(validLoss),
        testLoss: finiteOrNull(losses.loss),
        excessLoss: finiteOrNull(excessLoss),
        exactAccuracy: exact?.accuracy ?? null,
        accuracyBounds: bounds,
        estimatedAccuracy: estimate,
        likeliestMistake: await likeliestMistake(model, { grammar }),
        mostNeglected: await mostNeglected(model, { grammar, members: await members() }),
        measuredOrder: measuredOrder({
          loss: grammar.entropyFloor() + excessLoss,
          error: exact ? 0 : losses.excessError,
          idealLosses: report.idealLoss,
        }),
      };
    },
    judge: (written) =>
      Promise.resolve(written.map((samples) => judgeSamples(samples, { grammar, known }))),
    dispose: () => {},
  };
}
