/** PyTorch as a contestant: one Python process, asked line by line. */
import { UsageError } from "../../lib/command/mod.ts";
import type { Contestant } from "./measure.ts";
import type { Work } from "./rows.ts";

/** The name of a column for some number of threads. */
export function onThreads(name: string, threads: number): string {
  return threads === 1 ? name : `${name} ×${threads}`;
}

/** A running worker. */
export interface Torch {
  /** On how many it computes. */
  readonly threads: number;
  contestant(work: Work | FolderWork): Contestant;
  stop(): Promise<void>;
}

/** What `decoding_torch.py` does with a GPT-2 folder: read a prompt of so many tokens, or one more token. */
export interface FolderWork {
  kind: "prefill" | "decode";
  folder: string;
  prompt: number;
}

/** Starts a worker with the given Python, to compute on so many threads. */
export function startTorch(
  python: string,
  threads: number,
  script: "torch_worker.py" | "decoding_torch.py" = "torch_worker.py",
): Torch {
  const child = spawn(python, { threads, script });
  const writer = child.stdin.getWriter();
  const lines = readLines(child.stdout);
  const ask = async (request: unknown): Promise<{ seconds: number }> => {
    await writer.write(new TextEncoder().encode(`${JSON.stringify(request)}\n`));
    const { value } = await lines.next();
    if (value === undefined) throw new UsageError(`Expected ${python} to run PyTorch, it ended`);
    return JSON.parse(value);
  };
  return {
    threads,
    contestant: (work) => ({
      name: onThreads("torch", threads),
      run: async (repeat) => (await ask({ work, repeat })).seconds,
    }),
    stop: async () => {
      await writer.close().catch(() => {});
      await child.status;
    },
  };
}

function spawn(
  python: string,
  { threads, script: name }: { threads: number; script: string },
): Deno.ChildProcess {
  const script = new URL(name, import.meta.url).pathname;
  try {
    return new Deno.Command(python, {
      args: [script, `${threads}`],
      env: { HF_HUB_OFFLINE: "1", TRANSFORMERS_VERBOSITY: "error" },
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
