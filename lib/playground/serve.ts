/** Serving the page to this machine. */
import { UsageError } from "../errors.ts";

/**
 * With these two a browser gives the page threads over shared memory: it is then alone in its process,
 * and nothing of another origin can be loaded into it.
 */
const isolation = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

/**
 * Serves a page at the root of the loopback address, to nobody but this machine.
 *
 * @param options.port 0 for one that is free
 * @throws UsageError when the port is taken
 */
export function servePage(
  page: string,
  { port }: { port: number },
): Deno.HttpServer<Deno.NetAddr> {
  const headers = {
    ...isolation,
    "content-type": "text/html; charset=utf-8",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
  };
  const answer = (request: Request): Response => {
    const { pathname } = new URL(request.url);
    if (pathname !== "/") return new Response("Not found\n", { status: 404 });
    if (request.method !== "GET" && request.method !== "HEAD") {
      return new Response("Not allowed\n", { status: 405, headers: { allow: "GET, HEAD" } });
    }
    return new Response(request.method === "HEAD" ? null : page, { headers });
  };
  try {
    return Deno.serve({ hostname: "127.0.0.1", port, onListen: () => {} }, answer);
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    throw new UsageError(`Expected a port that is free, got ${port}; --port takes another one`);
  }
}
