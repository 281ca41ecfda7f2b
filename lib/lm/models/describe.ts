/** A model told as a table of its parameters. */
import { isNeural, type LanguageModel } from "../language_model.ts";

/** A model's name, size and context, and each of its parameters if it has any. */
export function describeModel(model: LanguageModel): {
  title: string;
  head: string[];
  rows: (string | number)[][];
} {
  const parameters = isNeural(model) ? [...model.parameters] : [];
  return {
    title: titleOf(model),
    head: ["parameter", "shape", "numbers"],
    rows: parameters.map(([name, { shape, size }]) => [name, shape.join(" × "), size]),
  };
}

function titleOf(model: LanguageModel): string {
  const { name, parameterCount, contextLength } = model;
  const config = isNeural(model) ? model.config : {};
  const sees = contextLength === Infinity
    ? "context of any length"
    : `context length ${contextLength}`;
  const settings = Object.entries(config).map(([key, value]) => `${key} ${value}`);
  return [name, `${parameterCount.toLocaleString("en")} parameters`, sees, ...settings].join(" · ");
}
