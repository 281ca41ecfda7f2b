import { assertEquals } from "@std/assert";
import { largestOf, smallestOf } from "../lib/extremes.ts";

const lib = new URL("../lib/", import.meta.url);

/** Calls that take any number of arguments: with a hundred thousand of them the stack overflows. */
const VARIADIC =
  /\b(Math\.(max|min|hypot)|push|unshift|splice|concat|fromCharCode|fromCodePoint|of)\(/g;

/** Where such calls spread a list over their arguments, as lines of code. */
function spreads(code: string): string[] {
  return [...code.matchAll(VARIADIC)].flatMap(({ 0: call, index }) => {
    const start = index + call.length;
    return spreadsAnArgument(code.slice(start, start + 2000))
      ? [code.slice(index, start + 40)]
      : [];
  });
}

function spreadsAnArgument(rest: string): boolean {
  let depth = 0;
  for (let at = 0; at < rest.length && depth >= 0; at++) {
    if ("([{".includes(rest[at]!)) depth++;
    else if (")]}".includes(rest[at]!)) depth--;
    else if (depth === 0 && rest.startsWith("...", at)) return true;
  }
  return false;
}

async function* sources(folder: URL): AsyncGenerator<URL> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* sources(new URL(`${name}/`, folder));
    else if (name.endsWith(".ts")) yield new URL(name, folder);
  }
}

Deno.test("spreads() finds a spread argument, and none in literals", () => {
  const found = (code: string) => spreads(code).length;
  assertEquals(found("Math.max(0, ...xs)") + found("a.push(\n  ...await f(x),\n)"), 2);
  assertEquals(found("a.push([...xs], { ...y }, f(...z))"), 0);
});

Deno.test("nothing in lib spreads a list over arguments, which overflows the stack at a hundred thousand", async () => {
  const found: string[] = [];
  for await (const file of sources(lib)) {
    const name = file.pathname.slice(lib.pathname.length);
    const code = await Deno.readTextFile(file);
    found.push(...spreads(code).map((one) => `${name}: ${one}`));
  }
  assertEquals(found, []);
});

Deno.test("largestOf() and smallestOf() take a million values, none, and NaN", () => {
  const values = Float64Array.from({ length: 1_000_000 }, (_, i) => (i * 7919) % 1_000_003);
  assertEquals([largestOf(values), smallestOf(values)], [values.toSorted().at(-1)!, 0]);
  assertEquals([largestOf([]), smallestOf([])], [-Infinity, Infinity]);
  assertEquals([largestOf([1, NaN]), smallestOf([NaN, 1])], [NaN, NaN]);
});
