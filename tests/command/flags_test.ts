import { assertEquals, assertMatch } from "@std/assert";

/** How a command ends whose work is this code. */
async function end(work: string): Promise<{ code: number; stderr: string }> {
  const code = `import { runCommand, UsageError } from "./lib/command/mod.ts";
    import { StoppedError } from "./lib/errors.ts";
    await runCommand(async () => { ${work} }, { goOn: "call again" });`;
  const { code: status, stderr } = await new Deno.Command("deno", {
    args: ["eval", "--no-check", "--ext=ts", code],
    cwd: new URL("../../", import.meta.url).pathname,
    env: { NO_COLOR: "1" },
  }).output();
  return { code: status, stderr: new TextDecoder().decode(stderr) };
}

Deno.test("runCommand() ends with one line for what a person can mend, and with the stack for our faults", async () => {
  assertEquals(await end(""), { code: 0, stderr: "" });
  assertEquals(await end(`throw new UsageError("no")`), { code: 1, stderr: "no\n" });
  const stopped = await end(`throw new StoppedError("Stopped")`);
  assertEquals(stopped, { code: 130, stderr: "Stopped; call again\n" });
  const short = await end("new Float32Array(1e12)");
  assertEquals(short.code, 1);
  assertMatch(
    short.stderr,
    /^Expected enough memory, got: Array buffer allocation failed; .*kept\n$/,
  );
  const fault = await end(`throw new RangeError("ours")`);
  assertEquals(fault.code, 1);
  assertMatch(fault.stderr, /RangeError: ours\n +at /);
});
