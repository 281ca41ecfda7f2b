import { assertEquals } from "@std/assert";
import { faults, type Imports, importsOfLib } from "./rooms.ts";

const house = [["lib/low.ts"], ["lib/left", "lib/right"], ["lib/left/high"]];
const imports = (arrows: Record<string, string[]>): Imports => new Map(Object.entries(arrows));

Deno.test("faults() accepts arrows down, and any that stay in a room", () => {
  assertEquals(
    faults(
      imports({
        "lib/low.ts": [],
        "lib/left/a.ts": ["lib/low.ts", "lib/left/b.ts"],
        "lib/left/b.ts": [],
        "lib/left/high/a.ts": ["lib/left/a.ts", "lib/right/a.ts"],
        "lib/right/a.ts": ["lib/low.ts"],
      }),
      house,
    ),
    [],
  );
});

Deno.test("faults() finds an arrow up, one to a neighbour, one out of the house, and a new room", () => {
  const up = faults(imports({ "lib/left/a.ts": ["lib/left/high/a.ts"] }), house);
  assertEquals(up, ["lib/left/a.ts imports lib/left/high/a.ts, which is no lower room"]);
  assertEquals(faults(imports({ "lib/left/a.ts": ["lib/right/a.ts"] }), house).length, 1);
  assertEquals(faults(imports({ "lib/left/a.ts": ["tests/a.json"] }), house).length, 1);
  assertEquals(faults(imports({ "lib/new/a.ts": [] }), house).length, 1);
});

Deno.test("faults() finds circles inside a room", () => {
  const arrows = {
    "lib/left/a.ts": ["lib/left/b.ts"],
    "lib/left/b.ts": ["lib/left/c.ts"],
    "lib/left/c.ts": ["lib/left/b.ts"],
  };
  assertEquals(faults(imports(arrows), house), [
    "A circle: lib/left/b.ts → lib/left/c.ts → lib/left/b.ts",
  ]);
});

Deno.test("a room that stands alone as a package imports nothing outside of it", async () => {
  const imports = await importsOfLib();
  for (const room of ["lib/autograd/", "lib/grammar/", "lib/tensor/", "lib/tokenizer/"]) {
    const outside = [...imports].filter(([file]) =>
      file.startsWith(room) && !file.startsWith("lib/autograd/milestone/")
    ).flatMap(([, used]) => used.filter((other) => !other.startsWith(room)));
    assertEquals(outside, [], room);
  }
});
