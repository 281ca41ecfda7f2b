/** A model behind a real llama.cpp server on loopback. Needs a `python3` with tests/requirements-llm.txt. */
import { assertEquals } from "@std/assert";

/** Runs `use` against a server of a model, a GGUF file or a package that holds one. */
export async function withModel(
  { source, name, context }: { source: string; name: string; context: number },
  use: (url: string) => Promise<void>,
): Promise<void> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  const script = new URL("server.py", import.meta.url).pathname;
  const child = new Deno.Command("python3", {
    args: [script, source, name, `${port}`, `${context}`],
    stdout: "piped",
    stderr: "null", // the log of the server
  }).spawn();
  try {
    const reader = child.stdout.getReader();
    const { value } = await reader.read();
    reader.releaseLock();
    if (!value) throw new Error(`Expected python3 with xllamacpp to serve ${source}, it gave up`);
    assertEquals(new TextDecoder().decode(value).trim(), `http://127.0.0.1:${port}`);
    await use(`http://127.0.0.1:${port}/v1`);
  } finally {
    try {
      child.kill("SIGTERM");
    } catch { /* it has ended by itself */ }
    await child.output();
  }
}
