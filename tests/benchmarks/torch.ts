/** PyTorch as a contestant: one Python process, asked line by line. */
import { UsageError } from "../../lib/command/mod.ts";
import type { Contestant } from "./measure.ts";
import type { Work } from "./rows.ts";

/** A running worker. */
export interface Torch {
  contestant(work: Work): Contestant;
  stop(): Promise<void>;
}

/** Starts `torch_worker.py` with the given Python, to compute on so many threads. */
export function startTorch(python: string, threads: number): Torch {
  const child = spawn(python, threads);
  const writer = child.stdin.getWriter();
  const lines = readLines(child.stdout);
  const ask = async (request: unknown): Promise<{ seconds: number }> => {
    await writer.write(new TextEncoder().encode(`${JSON.stringify(request)}\n`));
    const { value } = await lines.next();
    if (value === undefined) throw new UsageError(`Expected ${python} to run PyTorch, it ended`);
    return JSON.parse(value);
  };
  return {
    contestant: (work) => ({
      name: "torch",
      run: async (repeat) => (await ask({ work, repeat })).seconds,
    }),
    stop: async () => {
      await writer.close().catch(() => {});
      await child.status;
    },
  };
}

function spawn(python: string, threads: number): Deno.ChildProcess {
  const script = new URL("torch_worker.py", import.meta.url).pathname;
  try {
    return new Deno.Command(python, {
      args: [script, `${threads}`],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
  } catch (error) {
    throw new UsageError(
      `Expected --torch to be a Python that may be run, the python3 or python of PATH, got ${python} (${
        (error as Error).message
      })`,
    );
  }
}

async function* readLines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string, undefined> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream() as never)) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
  return undefined;
}
