import { assertEquals } from "@std/assert";
import { recall, remember } from "../../lib/chat/cache.ts";

Deno.test("an answer is remembered for its address, model and question, and for no other", async () => {
  const folder = `tests/.tmp/answers-${crypto.randomUUID()}`;
  const endpoint = { url: "http://127.0.0.1:1", model: "one" };
  const question = { prompt: "aB1", seed: 0, maxTokens: 9 };
  const answer = { content: "cD2", model: null, cut: false, untruncated: true };
  await remember(folder, { endpoint, question, answer });
  assertEquals(await recall(folder, { ...endpoint, key: "secret" }, question), answer);
  for (
    const [other, asked] of [
      [{ ...endpoint, model: "two" }, question],
      [{ ...endpoint, url: "http://127.0.0.1:2" }, question],
      [endpoint, { ...question, seed: 1 }],
    ] as const
  ) assertEquals(await recall(folder, other, asked), undefined);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("an answer of which a part is missing is not recalled", async () => {
  const folder = `tests/.tmp/answers-${crypto.randomUUID()}`;
  const endpoint = { url: "http://127.0.0.1:1", model: "one" };
  const question = { prompt: "aB1", seed: 0, maxTokens: 9 };
  const answer = { content: "cD2", model: null, cut: false, untruncated: true };
  for (const part of ["content", "cut", "untruncated"] as const) {
    const { [part]: _, ...rest } = answer;
    await remember(folder, { endpoint, question, answer: rest as typeof answer });
    assertEquals(await recall(folder, endpoint, question), undefined, part);
  }
  const strange = { ...answer, model: ["not", "a", "name"] as unknown as string };
  await remember(folder, { endpoint, question, answer: strange });
  assertEquals(await recall(folder, endpoint, question), undefined);
  await Deno.remove(folder, { recursive: true });
});
