/** Texts of one's own: reading them, learning from them, and writing in their manner. */
export { collection, writeCollection } from "../data/collection.ts";
export type { TextData, TextDescription } from "../data/text.ts";
export { evaluateText, type TextLoss } from "./judge.ts";
export type { LiveSample, TextLearned, TextSetting } from "./learn.ts";
export {
  type JudgedTextModel,
  openText,
  runTextMilestone,
  type TextHooks,
  type TextMilestone,
} from "./milestone.ts";
export { checkTextOptions, textDefaults, type TextOptions } from "./options.ts";
export { readLines, readText } from "../data/read.ts";
export { formatTextReport, type TextModelReport, type TextReport } from "./report.ts";
export { printable, type StreamOptions, streamText } from "../sampling/stream.ts";
