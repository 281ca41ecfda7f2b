/// <reference lib="dom" />
/** The program of a worker: takes requests one after the other, and tells what comes of them. */
import { ready } from "../../tensor/mod.ts";
import type { Report, Request } from "../protocol.ts";
import { type Session, startSession } from "./session.ts";

const tell = (report: Report) => self.postMessage(report);
let session: Promise<Session> | undefined;

async function answer(request: Request): Promise<void> {
  if (request.kind === "open") {
    session = ready("simd").then(() => startSession(request.lesson, { tell }));
  }
  const { go, pause, step, read } = await session!;
  if (request.kind === "go") go();
  if (request.kind === "pause") pause();
  if (request.kind === "step") step();
  if (request.kind === "read") {
    const { text, look, id } = request;
    tell({ kind: "read", prediction: await read(text, look), id });
  }
}

self.addEventListener("message", ({ data }: MessageEvent<Request>) => {
  answer(data).catch((error) => tell({ kind: "failed", problem: String(error) }));
});
