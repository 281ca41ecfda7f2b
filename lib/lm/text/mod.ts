/** Texts of one's own: files read piece by piece, and made into something to learn from. */
export { collection, writeCollection } from "./collection.ts";
export { openText } from "./open.ts";
export { readLines, readText } from "./read.ts";
export type { TextData, TextDescription, TextOptions } from "./text_data.ts";
