/** What a page carries so that its reader can type: plain JSON. */

/** A model and its weights. */
export interface CarriedModel {
  /** Its name. */
  readonly name: string;
  /** What `encodeModel` gives, in base64. */
  readonly weights: string;
}

/** A language, models of it, and what stands in the box at first. */
export interface TypedText {
  /** The grammar's family. */
  readonly family: string;
  /** The grammar's N. */
  readonly n: number;
  /** Who predicts. */
  readonly models: readonly CarriedModel[];
  /** The first text. */
  readonly text: string;
}
