import {
  assert,
  assertEquals,
  assertLess,
  assertMatch,
  assertRejects,
  assertThrows,
} from "@std/assert";
import {
  assertSolved,
  compare,
  examine,
  type Exercise,
  exercise,
  exerciseFiles,
  todo,
  verdictOn,
} from "../../lib/exercises/mod.ts";
import { displayedVerdict } from "../../lib/exercises/verdict.ts";
import { jupyterDisplay } from "../../lib/plot/mod.ts";

type Table = number[][];

/** A task whose answer is a table. */
const outer = exercise<(a: number[], b: number[]) => Table, [number[], number[]]>({
  name: "outer",
  task: "the products of all pairs",
  inputs: (rng) => [[rng.normal(), rng.normal()], [rng.normal(), rng.normal()]],
  reference: (a, b) => a.map((x) => b.map((y) => x * y)),
  hints: [{ whenever: (a, b) => a.map((x) => b.map((y) => x + y)), say: "a sum" }],
  seconds: 0.2,
});

const product = (a: number[], b: number[]) => a.map((x) => b.map((y) => x * y));

function said(mine: unknown, task: Exercise = outer): string {
  const { state, say } = examine(task, mine);
  return `${state}: ${say}`;
}

Deno.test("a right answer is right, whatever it does to its input", () => {
  assertMatch(said(product), /^right: /);
  const spoils = (a: number[], b: number[]) => {
    const result = product(a, b);
    a.length = b.length = 0;
    return result;
  };
  assertMatch(said(spoils), /^right: /);
});

Deno.test("an unfilled answer is your turn: undefined, todo, and a function without a body", () => {
  for (const mine of [undefined, null, todo, () => todo(), () => {}, () => [todo()]]) {
    assertEquals(said(mine), "your turn: The products of all pairs");
  }
});

Deno.test("an endless loop is stopped, even one that catches everything", () => {
  const stubborn = () => {
    while (true) {
      try {
        while (true);
      } catch {
        // goes on
      }
    }
  };
  const fibonacci = (n: number): number => n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
  const grows = () => {
    const list = [];
    while (true) list.push({});
  };
  for (const mine of [stubborn, () => fibonacci(80), grows]) {
    const start = performance.now();
    assertMatch(said(mine), /^not yet: No answer after 0.2 seconds.*never ends/);
    assertLess(performance.now() - start, 10_000); // 0.2 s, and patience with a busy machine
  }
  const trap = {
    get length(): number {
      while (true);
    },
  }; // deno-fmt-ignore
  assertMatch(said(() => new Proxy([], { get: () => trap.length })), /No answer/);
});

Deno.test("an answer that never comes is waited for on one input, not on each of them", () => {
  let calls = 0;
  assertMatch(
    said(() => {
      calls++;
      while (true);
    }),
    /No answer/,
  );
  assertLess(calls, 2);
});

Deno.test("an endless loop behind an await is never begun", async () => {
  const late = async () => {
    await Promise.resolve();
    while (true);
  };
  assertMatch(said(late), /promise/);
  await new Promise((resolve) => setTimeout(resolve, 0));
});

Deno.test("an answer that throws, recurses or promises gets a hint", () => {
  assertMatch(said(() => (undefined as unknown as number[])[0]), /something that it uses is undef/);
  assertMatch(
    said(() => {
      throw "a text";
    }),
    /stopped with an error/,
  ); // deno-fmt-ignore
  const deeper = (): number => deeper() + 1;
  assertMatch(said(deeper), /too deeply/);
  // deno-lint-ignore require-await
  assertMatch(said(async (a: number[], b: number[]) => product(a, b)), /promise/);
});

Deno.test("mistakes that are no function of the input are named without a hint", () => {
  const changed = (change: (table: Table) => unknown) => (a: number[], b: number[]) =>
    change(product(a, b));
  const each = (change: (x: number) => number) =>
    changed((table) => table.map((row) => row.map(change)));
  const expected: [unknown, RegExp][] = [
    [(a: number[], b: number[]) => a.map((x) => b.map((y) => x + y)), /: a sum$/],
    [each((x) => x + Math.random()), /two different answers/],
    [each((x) => -x), /sign/],
    [each((x) => 3 * x), /3 times/],
    [each((x) => x / 4), /1\/4 times/],
    [each((x) => x + 0.5), /too large by 0.5/],
    [each(Math.exp), /power of the right one/],
    [each(() => 0), /is 0/],
    [each(() => 7), /is 7 whatever the input/],
    [each(() => NaN), /NaN in your answer\[0\]\[0\]/],
    [each(() => 1 / 0), /Infinity/],
    [changed((table) => table.flat()), /Expected 2 elements in your answer, got 4/],
    [changed((table) => table[0]![0]), /Expected a list as your answer, got a number/],
    [changed((table) => table.map((row) => row.join())), /a list as your answer\[0\], got a text/],
    [changed((table) => table.toReversed()), /reverse order/],
    [changed((table) => table[0]!.map((_, i) => table.map((row) => row[i]!))), /transpose/],
    [changed(([first, second]) => [first, [second![0], 9]]), /3 of 4 numbers are right; number 4/],
  ];
  for (const [mine, pattern] of expected) assertMatch(said(mine), pattern);
});

Deno.test("right elements at the wrong place are told by where they went", () => {
  const squares = exercise<(a: number[]) => number[], [number[]]>({
    name: "squares",
    task: "the square of each number",
    inputs: (rng) => [[rng.normal(), rng.normal(), rng.normal()]],
    reference: (a) => a.map((x) => x * x),
    hints: [],
  });
  const placed = (...order: number[]) => (a: number[]) => order.map((i) => a[i]! ** 2);
  assertMatch(said(placed(2, 1, 0), squares), /in reverse order/);
  assertMatch(said(placed(1, 2, 0), squares), /one place too early/);
  assertMatch(said(placed(2, 0, 1), squares), /one place too late/);
});

Deno.test("of an object the missing part is named, and of named values the wrong one", () => {
  const pair = exercise<{ sum: (a: number[]) => number[]; twice: (a: number) => number }, number[]>(
    {
      name: "pair",
      task: "two functions",
      inputs: (rng) => [rng.normal(), rng.normal()],
      use: ({ sum, twice }, input) => ({ sum: sum(input), twice: twice(input[0]!) }),
      reference: { sum: (a) => [a[0]!, a[0]! + a[1]!], twice: (a) => 2 * a },
      hints: [],
    },
  );
  const { sum, twice } = pair.reference as Record<string, unknown>;
  assertMatch(said({ sum }, pair), /Expected twice in your object, found none/);
  assertMatch(said(3, pair), /Expected an object as your answer, got a number/);
  const negative = { twice, sum: (a: number[]) => [-a[0]!, -a[0]! - a[1]!] };
  assertMatch(said(negative, pair), /twice: right\. sum: The sign is the wrong way round/);
});

Deno.test("a verdict shows an input with both answers, and no markup from outside", () => {
  const { example } = examine(outer, () => "<img src=x onerror=alert(1)>");
  assertEquals(example?.got, '"<img src=x onerror=alert(1)>"');
  const verdict = examine(outer, () => {
    throw new Error("<script>bad()</script>");
  });
  const bundle = displayedVerdict(verdict)[jupyterDisplay]();
  assertEquals(/<script|<img/.test(bundle["text/html"] as string), false);
  assertMatch(bundle["text/plain"] as string, /✗ outer: not yet\. .*\n {2}for .*\n {2}wanted \[\[/);
});

Deno.test("verdictOn() names the tasks there are, assertSolved() throws the hint", async () => {
  const { say } = await verdictOn("no-such-task", 1);
  assertMatch(say, /^Expected the name of a task, one of central-difference, /);
  const central = (f: (x: number) => number, x: number, h: number) =>
    (f(x + h) - f(x - h)) / (2 * h);
  await assertSolved("central-difference", central);
  await assertRejects(() => assertSolved("central-difference", () => 1), Error, "whatever");
});

Deno.test("compare() prints the largest difference and throws when it is too large", () => {
  compare("equal", { mine: [[1], [2]], lib: new Float32Array([1, 2]), allowed: 0 });
  compare("large", { mine: 1001, lib: 1000, allowed: 0.0011 });
  const refused = { mine: [1, NaN, 2], lib: [1, 1, 2], allowed: 1 };
  assertThrows(() => compare("nan", refused), Error, "got NaN");
  assertThrows(() => compare("short", { mine: [1], lib: [1, 2], allowed: 1 }), Error, "2 numbers");
  const long = { mine: [1, 2, 3], lib: [1, 2], allowed: 1 };
  assertThrows(() => compare("long", long), Error, "expected 2 numbers, got 3");
});

for (const [notebook, load] of Object.entries(exerciseFiles)) {
  const { exercises } = await load();
  Deno.test(`${notebook}: references are right, and each hint finds its mistake`, () => {
    for (const one of exercises) {
      assertEquals(examine(one, one.reference).state, "right", one.name);
      assert(one.hints.length >= 2, `${one.name} wants two typical mistakes`);
      assertEquals(new Set(one.hints.map(({ say }) => say)).size, one.hints.length, one.name);
      for (const { whenever, say } of one.hints) {
        if (whenever === "slow") continue;
        assertEquals(examine(one, whenever).say, say, one.name);
      }
    }
  });
}

Deno.test("no two tasks have the same name", async () => {
  const files = await Promise.all(Object.values(exerciseFiles).map((load) => load()));
  const names = files.flatMap(({ exercises }) => exercises.map(({ name }) => name));
  assertEquals(names.length, new Set(names).size);
});
