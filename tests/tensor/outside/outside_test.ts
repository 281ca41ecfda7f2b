import { assertEquals, assertGreater } from "@std/assert";

Deno.test("A program outside of this project imports lib/tensor by its path and trains tf.layers on simd", async () => {
  const { code, stdout, stderr } = await new Deno.Command("deno", {
    args: [
      "run",
      "--quiet",
      "--allow-read",
      "--allow-write",
      "--allow-run=deno",
      "tests/tensor/outside/in_own_folder.ts",
    ],
  }).output();
  assertEquals(new TextDecoder().decode(stderr), "");
  assertEquals(code, 0);
  const [backend, accuracy] = new TextDecoder().decode(stdout).trim().split(" ");
  assertEquals(backend, "simd");
  assertGreater(Number(accuracy), 0.9);
});
