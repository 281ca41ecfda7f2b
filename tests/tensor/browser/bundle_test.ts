import { assertEquals, assertLess, assertMatch } from "@std/assert";
import { bundleForBrowser } from "../../../lib/bundle.ts";
import { foreignParts } from "./bundle.ts";

const program = "tests/tensor/browser/program.ts";

async function output(args: string[], input = ""): Promise<string> {
  const child = new Deno.Command("deno", {
    args: ["run", "--quiet", ...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  return new TextDecoder().decode((await child.output()).stdout).trim();
}

Deno.test("A bundle for a browser has nothing that only Deno has, and trains as Deno does", async () => {
  const here = await output(["--allow-read", "--allow-env", program]);
  assertMatch(here, /^simd [\d.]+/);
  const [whole, lean] = [
    await bundleForBrowser(program),
    await bundleForBrowser(program, { lean: true }),
  ];
  for (const code of [whole, lean]) {
    assertEquals(foreignParts(code), []);
    assertEquals(await output(["tests/tensor/browser/run_bundle.ts"], code), here);
  }
  assertLess(lean.length, whole.length / 2);
});

Deno.test("foreignParts() finds what a browser does not have", () => {
  assertEquals(foreignParts('Deno.readFileSync("x")'), ['Deno: …Deno.readFileSync("x")…']);
  assertEquals(foreignParts('import fs from "node:fs"').length, 1);
  assertEquals(foreignParts("navigator.gpu.requestAdapter()").length, 1);
  assertEquals(foreignParts("const denominator = { node: 1 };"), []);
});
