/**
 * What models say of a text while you type it, beside what is true: a box for pages, without a framework.
 *
 * It runs in a browser; `predictorOf` also in its workers, since what it resolves to are plain numbers.
 */
export { type HeadOn, type Prediction, type Predictor, predictorOf } from "./predictor.ts";
export {
  createTextBox,
  type TextBox,
  type TextBoxModel,
  type TextBoxOptions,
  type TextBoxState,
} from "./text_box.ts";
export { textBoxStyle } from "./style.ts";
