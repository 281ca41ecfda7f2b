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

/** Half the usual passes: enough for what is to be seen, and sooner there. */
const short = { epochs: 10 };

/** In the order in which they are best done. */
export const experiments: readonly Experiment[] = [
  {
    id: "wall",
    title: "A bigram hits its wall",
    before:
      "A bigram sees the last character and nothing before it. On strings that it has not seen its loss falls " +
      "to the line of the best model that sees one character, and never below; the GRU goes through it to the floor.",
    question:
      "The bigram has more than twice as many weights. Why do they not help, and why are some of its " +
      "strings right all the same?",
    settings: setting(short, { architecture: "bigram" }, { architecture: "gru" }),
  },
  {
    id: "heads",
    title: "One head is not enough",
    before:
      "Runs last exactly three characters here, so a model must know where the run began. Two Transformers " +
      "of one size: the one with four heads comes nearer to the floor than the one with a single head.",
    question:
      "What does each of the four heads look at, and which of these places can the single head not tell apart?",
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
      "The next letter depends on whether the number of capitals among the last three is odd. To know two of " +
      "the three is worth almost nothing: the loss stays at the upper lines, then falls all at once.",
    question:
      "Go back with the slider to just before the fall. Could you see it coming, in the states or in the strings?",
    settings: setting({ ...short, grammar: "parity", n: 4 }, { architecture: "gru", scale: 2 }),
  },
  {
    id: "states",
    title: "What the GRU remembers",
    before:
      "Nobody tells the GRU about the automaton that writes the strings. Watch its inner states: what was one " +
      "cloud becomes a heap of dots for each state of the automaton.",
    question:
      "Go back with the slider: which two heaps part last, and does the rule need that difference?",
    settings: setting(short, { architecture: "gru" }),
  },
  {
    id: "memory",
    title: "Brackets: where memory ends",
    before:
      "Brackets must close in the right order, so what matters may lie arbitrarily far back. An MLP that sees " +
      "four characters writes almost nothing that is right; a GRU, which carries a state along, learns it.",
    question: "Type a string that is three deep. At which bracket does each model lose its way?",
    settings: setting(
      { ...short, grammar: "brackets", n: 3 },
      { architecture: "mlp", lookBack: 4, scale: 2 },
      { architecture: "gru", scale: 2 },
    ),
  },
  {
    id: "rate",
    title: "Too fast a learning rate",
    before:
      "The same GRU twice, on the same strings: B takes steps thirty times as large. It falls faster at first, " +
      "and yet ends far from the floor.",
    question:
      "Look how the thin line of B jumps: why does a step that is too large undo what earlier ones have found?",
    settings: setting(short, { architecture: "gru" }, { architecture: "gru", learningRate: 0.3 }),
  },
];
