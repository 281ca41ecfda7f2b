/** A worker of the pool of threads. */
import { parentPort } from "node:worker_threads";
import { type Invitation, serve } from "./pool.ts";

parentPort!.once("message", (invitation: Invitation) => {
  parentPort!.postMessage("ready");
  serve(invitation);
});
