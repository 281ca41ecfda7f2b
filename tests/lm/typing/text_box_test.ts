import { assert, assertEquals } from "@std/assert";
import { createGrammar } from "../../../lib/grammar/mod.ts";
import { createGrammarModel } from "../../../lib/lm/core.ts";
import { createTextBox, type Prediction, predictorOf } from "../../../lib/lm/typing/mod.ts";
import { withDocument } from "./document.ts";

const grammar = createGrammar("sticky", 3);
const knows = predictorOf(createGrammarModel(grammar), { alphabet: grammar.alphabet });
const models = [{ name: "grammar", predict: knows }];

/** The texts of the elements that a selector finds. */
function texts(box: Element, selector: string): string[] {
  return Array.from(box.querySelectorAll(selector), (one) => one.textContent ?? "");
}

Deno.test("createTextBox() shows each character's shares and state, and the mistake in words", async () => {
  await withDocument(async () => {
    const { element, show } = createTextBox({ grammar, models, text: "" });
    await show({ text: "aaBc" });
    assertEquals(texts(element, "ol b"), ["a", "a", "B", "c", "⏎"]);
    assertEquals(texts(element, "ol .bar.model"), ["1.3 %", "3.8 %", "1.0 %", "0 %", "0 %"]);
    assertEquals(texts(element, "ol .bar.truth"), ["1.3 %", "3.8 %", "1.0 %", "0 %", "–"]);
    assertEquals(texts(element, "ol small"), ["a", "aa", "A", "–", "end"]);
    assertEquals(texts(element, "ol .broken b"), ["c"]);
    assert(texts(element, ".verdict")[0]!.startsWith("Breaks the rule at character 4, “c”"));
    assert(element.querySelector(".verdict.wrong"));
  });
});

Deno.test("the next character's bars sum up to one, and are the place's that was chosen", async () => {
  await withDocument(async () => {
    const { element, show } = createTextBox({ grammar, models, text: "" });
    await show({ text: "aa" });
    assertEquals(texts(element, "h3"), ["What comes after “aa”"]);
    assertEquals(texts(element, ".group .bar.model"), ["27 %", "27 %", "27 %", "20 %"]);
    assertEquals(texts(element, ".group .bar.truth"), ["27 %", "27 %", "27 %", "20 %"]);
    assertEquals(texts(element, ".column b").join(""), grammar.alphabet.join(""));
    (element.querySelectorAll("ol button")[1] as HTMLElement).click();
    assertEquals(texts(element, "h3"), ["What comes after “a”"]);
    assertEquals(texts(element, ".group .bar.truth"), ["100 %", "0 %", "0 %", "0 %"]);
  });
});

Deno.test("what is typed stays text", async () => {
  await withDocument(async () => {
    const { element, show } = createTextBox({ grammar, models, text: "" });
    const hostile = `aa<img src=x onerror=alert(1)>`;
    await show({ text: hostile });
    assertEquals(texts(element, "ol b").slice(0, -1).join(""), hostile.replaceAll(" ", "␣"));
    assertEquals(element.querySelectorAll("img").length, 0);
  });
});

Deno.test("an answer that comes late does not replace a later one, and a failure is told", async () => {
  await withDocument(async () => {
    const waiting: (() => void)[] = [];
    const predict = async (text: string): Promise<Prediction> => {
      if (text === "aa") await new Promise<void>((resolve) => waiting.push(resolve));
      if (text === "b") throw new Error("no weights");
      return await knows(text);
    };
    const { element, show } = createTextBox({
      grammar,
      models: [{ name: "slow", predict }],
      text: "",
    });
    const late = show({ text: "aa" });
    await show({ text: "aabb" });
    waiting.forEach((resolve) => resolve());
    await late;
    assertEquals(texts(element, "ol b").join(""), "aabb⏎");
    await show({ text: "b" });
    assertEquals(texts(element, ".verdict + p"), ["slow fails: no weights"]);
  });
});

Deno.test("refresh() asks again, as when a model has learned more", async () => {
  await withDocument(async () => {
    let share = 0.1;
    const width = grammar.alphabet.length + 1;
    const predict = (text: string): Promise<Prediction> =>
      Promise.resolve({
        probabilities: new Float32Array(width * (text.length + 1)).fill(share),
        attention: [],
      });
    const { element, show, refresh } = createTextBox({
      grammar,
      models: [{ name: "m", predict }],
      text: "",
    });
    await show({ text: "a" });
    assertEquals(texts(element, "ol .bar.model"), ["10 %", "10 %"]);
    share = 0.3;
    await refresh();
    assertEquals(texts(element, "ol .bar.model"), ["30 %", "30 %"]);
  });
});
