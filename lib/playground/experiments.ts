/** Six short experiments, a click each: something to know before, and a question after. */
import { defaultModel, defaults, type ModelSettings, type Settings } from "./settings.ts";

/** An experiment of the page. */
export interface Experiment {
  /** Its name in addresses. */
  readonly id: string;
  /** What its button says. */
  readonly title: string;
  /** What will be seen. */
  readonly before: string;
  /** What to think about when it has been seen. */
  readonly question: string;
  /** What is trained. */
  readonly settings: Settings;
}

function setting(
  changes: Partial<Omit<Settings, "models">>,
  ...models: Partial<ModelSettings>[]
): Settings {
  return {
    ...defaults,
    ...changes,
    models: models.map((model) => ({ ...defaultModel, ...model })),
  };
}

/** In the order in which they are best done. */
export const experiments: readonly Experiment[] = [
  {
    id: "wall",
    title: "A bigram hits its wall",
    before:
      "A bigram sees one character and nothing before it. Its loss falls to the line of the best model " +
      "that sees one character, and no further; the GRU beside it goes through that line to the floor.",
    question:
      "The bigram has more than twice as many weights. Why do they not help, and which of its strings " +
      "are right all the same?",
    settings: setting({}, { architecture: "bigram" }, { architecture: "gru" }),
  },
  {
    id: "heads",
    title: "One head is not enough",
    before: "Two Transformers of the same size, one with a single head, one with four.",
    question:
      "What does each of the four heads look at, and which of these places does the one head miss?",
    settings: setting(
      { grammar: "runs", n: 4 },
      { architecture: "transformer", heads: 1 },
      { architecture: "transformer", heads: 4 },
    ),
  },
  {
    id: "parity",
    title: "Parity: nothing, nothing, then everything",
    before:
      "The next letter depends on whether the number of capitals among the last three is odd. Knowing two of " +
      "the three is worth almost nothing: the loss stays where it is, and then falls all at once.",
    question:
      "Go back with the slider to just before the fall. Can you see it coming in the states?",
    settings: setting({ grammar: "parity", n: 4 }, {
      architecture: "gru",
      scale: 2,
      learningRate: 0.003,
    }),
  },
  {
    id: "states",
    title: "What the GRU remembers",
    before:
      "Nobody tells the GRU about the automaton that writes the strings. Watch its inner states: what was " +
      "one cloud becomes a group of dots for each state of the automaton.",
    question: "Which two states does it tell apart last, and does it need to?",
    settings: setting({}, { architecture: "gru" }),
  },
  {
    id: "memory",
    title: "Brackets: where memory ends",
    before:
      "Brackets must close in the right order, so what matters may lie arbitrarily far back. An MLP that sees " +
      "four characters gets nowhere, whatever it learns; a GRU of twice the usual width learns to keep count.",
    question: "Type a string that is three deep. At which bracket does each model lose its way?",
    settings: setting(
      { grammar: "brackets", n: 3 },
      { architecture: "mlp", lookBack: 4, scale: 2 },
      { architecture: "gru", scale: 2 },
    ),
  },
  {
    id: "rate",
    title: "Too fast a learning rate",
    before:
      "The same GRU twice, on the same strings: once with steps of the usual size, once thirty times as large.",
    question: "Why does the loss of the second one rise again after it had fallen?",
    settings: setting({}, { architecture: "gru" }, { architecture: "gru", learningRate: 0.3 }),
  },
];
