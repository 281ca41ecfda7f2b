import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ready, tf } from "../../lib/tensor/mod.ts";

await ready();

function display(tensor: tf.Tensor): Promise<Record<string, string>> {
  const own = tensor as unknown as Record<symbol, () => Promise<Record<string, string>>>;
  return own[Symbol.for("Jupyter.display")]!();
}

Deno.test("a tensor shows its type, shape and numbers", async () => {
  const shown = await display(tf.tensor2d([[1, 2.5], [-3, 1 / 3]]));
  assertEquals(shown["text/plain"], "Tensor float32 [2, 2]\n1  2.5\n-3  0.3333");
  assertStringIncludes(shown["text/html"]!, "<td>0.3333</td>");
});

Deno.test("a scalar, a vector and a variable show themselves too", async () => {
  assertEquals((await display(tf.scalar(7)))["text/plain"], "Tensor float32 []\n7");
  const ids = tf.tensor1d([1, 2], "int32");
  assertEquals((await display(ids))["text/plain"], "Tensor int32 [2]\n1  2");
  assertStringIncludes((await display(tf.variable(ids)))["text/plain"]!, "int32 [2]");
});

Deno.test("a large tensor is cut, and one of more dimensions shows its first matrix", async () => {
  const large = (await display(tf.zeros([20, 30])))["text/plain"]!.split("\n");
  assertEquals(large.length, 14);
  assertStringIncludes(large[1]!, "…");
  const cube = await display(tf.range(0, 8).reshape([2, 2, 2]));
  assertEquals(cube["text/plain"], "Tensor float32 [2, 2, 2], the first matrix\n0  1\n2  3");
});

Deno.test("strings in a tensor stay text, and a disposed tensor says so", async () => {
  const shown = await display(tf.tensor1d(["<script>alert(1)</script>", `"'&`]));
  assert(!shown["text/html"]!.includes("<script>"));
  assertStringIncludes(shown["text/html"]!, "<td>&#34;&#39;&#38;</td>");
  const gone = tf.scalar(1);
  gone.dispose();
  assertEquals((await display(gone))["text/plain"], "Tensor float32 [], disposed");
});
