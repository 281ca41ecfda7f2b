/**
 * Independent pieces of work on several workers, each of which takes the next piece when it is done.
 *
 * What a piece comes to depends on the piece alone, so results are the same for any number of workers.
 */
import { StoppedError, UsageError } from "./errors.ts";

/** What a worker is told. */
type Order<Piece> = { kind: "work"; piece: Piece } | { kind: "stop" };

/** What a worker says. */
type Answer<Result, News> =
  | { kind: "news"; news: News }
  | { kind: "done"; result: Result }
  | { kind: "failed"; name: string; message: string };

/** What became of a piece: its result, or why there is none. */
export type Outcome<Result> = { readonly result: Result } | { readonly problem: string };

/** Where pieces are worked on, and who is told. */
export interface WorkersOptions<Result, News> {
  /** The worker's module, which calls {@linkcode serveWork}. */
  module: URL;
  /** Most workers at once. */
  jobs: number;
  /** Is told what workers say on the way. */
  onNews?: (news: News) => void;
  /** Is given each result when it comes; the next piece waits for it. */
  onResult?: (result: Result, index: number) => Promise<void>;
  /** Is asked now and then whether all are to stop after the step they are at. */
  stopRequested?: (() => Promise<boolean>) | undefined;
}

/** How often somebody who wants to stop is listened for, in milliseconds. */
const LISTEN_EVERY = 50;

/**
 * Has all pieces worked on; resolves to what became of each, in the order of the pieces. A worker that
 * breaks costs the piece it had, and another one takes its place.
 *
 * @throws UsageError when a piece cannot work, after all workers have stopped
 * @throws StoppedError when somebody wanted to stop
 */
export async function onWorkers<Piece, Result, News = never>(
  pieces: readonly Piece[],
  { module, jobs, onNews, onResult, stopRequested }: WorkersOptions<Result, News>,
): Promise<Outcome<Result>[]> {
  const outcomes: Outcome<Result>[] = [];
  const waiting = pieces.entries();
  const workers = new Set<Worker>();
  let ending: Error | undefined;
  const tellAllToStop = () => {
    for (const worker of workers) send<Piece>(worker, { kind: "stop" });
  };
  const drive = async () => {
    let worker: Worker | undefined;
    for (const [index, piece] of waiting) {
      if (ending) break;
      worker ??= new Worker(module, { type: "module" });
      workers.add(worker);
      const answer = await ask<Piece, Result, News>(worker, { piece, onNews });
      if (answer.kind === "done") {
        outcomes[index] = { result: answer.result };
        await onResult?.(answer.result, index);
        continue;
      }
      const { name, message } = answer;
      if (name === "StoppedError" || name === "UsageError") {
        if (!ending) {
          ending = name === "StoppedError" ? new StoppedError(message) : new UsageError(message);
          tellAllToStop();
        }
        continue;
      }
      outcomes[index] = { problem: message };
      worker.terminate();
      workers.delete(worker);
      worker = undefined;
    }
    worker?.terminate();
  };
  let done = false;
  const listen = async () => {
    while (!done) {
      if (await stopRequested?.()) return tellAllToStop();
      await new Promise((resolve) => setTimeout(resolve, LISTEN_EVERY));
    }
  };
  const listening = stopRequested ? listen() : Promise.resolve();
  try {
    const drivers = Math.max(1, Math.min(jobs, pieces.length));
    await Promise.all(Array.from({ length: drivers }, drive));
  } finally {
    done = true;
    for (const worker of workers) worker.terminate();
  }
  await listening;
  if (ending) throw ending;
  return outcomes;
}

function send<Piece>(worker: Worker, order: Order<Piece>): void {
  worker.postMessage(order);
}

/** Gives a worker a piece; resolves to how that ended, also when the worker breaks. */
function ask<Piece, Result, News>(
  worker: Worker,
  { piece, onNews }: { piece: Piece; onNews: ((news: News) => void) | undefined },
): Promise<Exclude<Answer<Result, News>, { kind: "news" }>> {
  return new Promise((resolve) => {
    worker.onmessage = ({ data }: MessageEvent<Answer<Result, News>>) => {
      if (data.kind === "news") onNews?.(data.news);
      else resolve(data);
    };
    worker.onerror = (event) => {
      event.preventDefault(); // or it would end this process too
      resolve({ kind: "failed", name: "Error", message: `its worker broke: ${event.message}` });
    };
    send<Piece>(worker, { kind: "work", piece });
  });
}

/** What a worker may do besides working. */
export interface WorkerTools<News> {
  /** Says something on the way. */
  tell: (news: News) => void;
  /** Whether it is to stop. Lets messages in first, which pure computation never does. */
  stopRequested: () => Promise<boolean>;
}

/** The worker's side: answers each piece with what `work` makes of it. */
export function serveWork<Piece, Result, News = never>(
  work: (piece: Piece, tools: WorkerTools<News>) => Promise<Result>,
): void {
  const port = globalThis as typeof globalThis & {
    postMessage(answer: Answer<Result, News>): void;
  };
  let stop = false;
  let listened = 0;
  const tools: WorkerTools<News> = {
    tell: (news) => port.postMessage({ kind: "news", news }),
    stopRequested: async () => {
      if (stop || performance.now() - listened < LISTEN_EVERY) return stop; // a timer takes a millisecond
      await new Promise((resolve) => setTimeout(resolve));
      listened = performance.now();
      return stop;
    },
  };
  addEventListener("message", async (event) => {
    const order = (event as MessageEvent<Order<Piece>>).data;
    if (order.kind === "stop") {
      stop = true;
      return;
    }
    try {
      port.postMessage({ kind: "done", result: await work(order.piece, tools) });
    } catch (error) {
      const { message } = error as Error;
      const name = error instanceof UsageError ? "UsageError" : (error as Error).name;
      port.postMessage({ kind: "failed", name, message });
    }
  });
}
