import { assertEquals } from "@std/assert";
import { rounded } from "../../lib/plot/rounded.ts";

Deno.test("rounded() leaves four digits, one of them behind the point from a thousand on, and whole numbers", () => {
  const numbers = [0.123456, 12.3456, 999.96, 1234.56, 123456.78, 3, 123456, 1e21];
  const expected = [0.1235, 12.35, 1000, 1234.6, 123456.8, 3, 123456, 1e21];
  assertEquals(rounded(numbers), expected);
  assertEquals(rounded(numbers.map((value) => -value)), expected.map((value) => -value));
});
