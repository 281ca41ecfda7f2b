import { assert, assertEquals, assertGreater, assertRejects } from "@std/assert";
import { UsageError } from "../../../lib/command/mod.ts";
import { collection } from "../../../lib/lm/text/collection.ts";
import { readLines, readText } from "../../../lib/lm/text/read.ts";

/** Runs `use` on a file of these contents. */
async function withFile(
  contents: string | Uint8Array,
  use: (path: string) => Promise<void>,
): Promise<void> {
  await Deno.mkdir("tests/.tmp", { recursive: true });
  const path = `tests/.tmp/${crypto.randomUUID()}.txt`;
  await Deno.writeFile(
    path,
    typeof contents === "string" ? new TextEncoder().encode(contents) : contents,
  );
  try {
    await use(path);
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("readText() gives a file back in pieces, characters across their borders whole", async () => {
  const text = "x".repeat(65_535) + "né€😀\n".repeat(40_000);
  await withFile(text, async (path) => {
    const pieces = await Array.fromAsync(readText(path));
    assertGreater(pieces.length, 3);
    assertEquals(pieces.join(""), text);
  });
});

Deno.test("readText() drops a byte order mark and writes every line end as \\n", async () => {
  await withFile("\ufeffa\r\nb\rc\n" + "y".repeat(65_525) + "\r\n\r", async (path) => {
    const text = (await Array.fromAsync(readText(path))).join("");
    assertEquals(text, "a\nb\nc\n" + "y".repeat(65_525) + "\n\n"); // the pieces part between \\r and \\n
  });
});

Deno.test("readLines() gives lines without blanks at their ends, empty ones left out", async () => {
  await withFile("  anna\n\n\t \nbob  \r\nmary ann", async (path) => {
    assertEquals(await Array.fromAsync(readLines(path)), ["anna", "bob", "mary ann"]);
  });
  await withFile("", async (path) => assertEquals(await Array.fromAsync(readLines(path)), []));
});

Deno.test("readLines() refuses a line without end", async () => {
  await withFile("a\n" + "b".repeat(1 << 21), async (path) => {
    await assertRejects(() => Array.fromAsync(readLines(path)), UsageError, "got a longer one");
  });
});

Deno.test("readText() names the place of the first byte that is no UTF-8", async () => {
  const valid = new TextEncoder().encode("né😀");
  for (const before of [0, 1, 65_528, 65_530, 65_533, 65_536, 200_000]) {
    for (const fault of [[0xff], [0xc3], [0xf0, 0x9f], [0xc3, 0x28], [0xed, 0xa0, 0x80]]) {
      const bytes = [...new Uint8Array(before).fill(97), ...valid, ...fault];
      await withFile(Uint8Array.from(bytes), async (path) => {
        await assertRejects(
          () => Array.fromAsync(readText(path)),
          UsageError,
          `invalid byte at ${before + valid.length}`,
        );
      });
    }
  }
});

Deno.test("readText() refuses a missing file and a folder with one clear line", async () => {
  const read = (path: string) => Array.fromAsync(readText(path));
  await assertRejects(() => read("tests/nothing.txt"), UsageError, "which does not exist");
  await assertRejects(() => read("tests"), UsageError, "which is a folder");
});

Deno.test("the text collection holds a book of a megabyte and thousands of names", () => {
  const book = collection["moby-dick.txt"]!();
  assertGreater(book.length, 1_000_000);
  assert(book.includes("Call me Ishmael."));
  const names = collection["names.txt"]!().trim().split("\n");
  assertGreater(names.length, 5000);
  assertEquals(new Set(names).size, names.length);
});
