/** Byte-level BPE as GPT-2's: training it, encoding with it, and its file. */
export { type BpeParts, type BpeTokenizer, createBpeTokenizer } from "./bpe.ts";
export { byteCharacters, textToByteCharacters } from "./bytes.ts";
export {
  addsNothing,
  type Fields,
  fieldsOf,
  readTokenizerJson,
  tokenizerFile,
  type TokenizerParts,
  writeTokenizerJson,
} from "./json.ts";
export { END_OF_TEXT, trainBpe, type TrainBpeOptions } from "./train.ts";
export { splitWords } from "./words.ts";
