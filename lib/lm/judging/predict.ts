/** What a model predicts after given beginnings of strings, whatever their lengths. */
import type { LanguageModel } from "../language_model.ts";

/**
 * ln P(next token) after each of some beginnings, the start token included: [B, V].
 *
 * @param prefixes B lists of tokens that begin with the start token
 */
export async function predictNext(
  model: LanguageModel,
  prefixes: readonly (readonly number[])[],
): Promise<Float32Array> {
  const { size, start } = model.vocabulary;
  const length = prefixes.reduce((most, tokens) => Math.max(most, tokens.length), 1);
  const inputs = new Int32Array(prefixes.length * length).fill(start); // [B, T]
  prefixes.forEach((tokens, row) => inputs.set(tokens, row * length));
  const values = await model.logProbabilities({ size: prefixes.length, length, inputs }); // [B, T, V]
  const rows = new Float32Array(prefixes.length * size);
  prefixes.forEach((tokens, row) => {
    const last = (row * length + tokens.length - 1) * size;
    rows.set(values.subarray(last, last + size), row * size);
  });
  return rows;
}
