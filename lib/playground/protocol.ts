/** What the page and the workers that train say to each other: plain data, one worker a model. */
import type { CharacterAnalysis } from "../lm/analysis/characters.ts";
import type { Generated } from "../lm/judging/judge.ts";
import type { HeadOn, Prediction } from "../lm/typing/predictor.ts";
import type { ModelSettings, Settings } from "./settings.ts";

/** What a worker is to train. */
export type Lesson = Omit<Settings, "models"> & { readonly model: ModelSettings };

/** What the page asks of a worker. */
export type Request =
  | { readonly kind: "open"; readonly lesson: Lesson }
  | { readonly kind: "go" }
  | { readonly kind: "pause" }
  | { readonly kind: "step" }
  | {
    readonly kind: "read";
    readonly text: string;
    /** Number of the look whose weights read. */
    readonly look: number;
    /** Comes back with the answer. */
    readonly id: number;
  };

/** What a worker tells. */
export type Report =
  | { readonly kind: "opened"; readonly opened: Opened }
  | { readonly kind: "losses"; readonly losses: readonly StepLoss[] }
  | { readonly kind: "look"; readonly look: Look }
  | { readonly kind: "paused"; readonly step: number }
  | { readonly kind: "done"; readonly step: number }
  | { readonly kind: "failed"; readonly problem: string }
  | { readonly kind: "read"; readonly prediction: Prediction; readonly id: number };

/** The mean training loss of the few steps up to one. */
export interface StepLoss {
  readonly step: number;
  readonly loss: number;
}

/** What is known of a lesson before it begins. */
export interface Opened {
  readonly name: string;
  readonly parameters: number;
  /** Steps of the whole training. */
  readonly steps: number;
  /** The loss that no model can beat, in nats a token. */
  readonly floor: number;
  /** Of the ideal k-gram models, k = 1, 2, … */
  readonly idealLoss: readonly number[];
  /** Some training strings. */
  readonly examples: readonly string[];
}

/** Points in a plane, the same ones in the same order at every look. */
export interface Points {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** The share of all differences that the plane shows. */
  readonly explained: number;
  /** Class of each point, an index of `names`. */
  readonly labels: readonly number[];
  /** What the classes are called. */
  readonly names: readonly string[];
}

/** A string that a model wrote, judged. */
export interface JudgedSample {
  readonly text: string;
  readonly finished: boolean;
  readonly characters: readonly CharacterAnalysis[];
}

/** All that is seen of a model at one moment of its training. */
export interface Look {
  /** 0, 1, 2, … */
  readonly number: number;
  readonly step: number;
  /** Seconds of training by then, without the looking. */
  readonly seconds: number;
  /** Floor plus excess: the loss on unseen strings without the luck of their draw, in nats a token. */
  readonly loss: number;
  /** Mean KL divergence from the truth, in nats a token. */
  readonly excess: number;
  /** How many characters the loss proves to be used. */
  readonly order: number;
  /** Counts of what it wrote. */
  readonly generated: Generated;
  /** Some of it. */
  readonly samples: readonly JudgedSample[];
  /** The vectors of the characters, null for a model without. */
  readonly embedding: Points | null;
  /** Its inner state after each character of some strings, by the automaton's state. */
  readonly states: Points | null;
  /** What its heads look at over a string, null for a model without heads. */
  readonly attention: { readonly text: string; readonly heads: readonly HeadOn[] } | null;
}
