/** A real HTTP server on loopback that answers like a large language model, or misbehaves as told. */

/** What the server saw of a request. */
export interface SeenRequest {
  readonly authorization: string | null;
  /** The address after the base URL. */
  readonly path: string;
  readonly body: {
    model: string;
    seed: number;
    prompt?: string;
    messages?: { role: string; content: string }[];
    [option: string]: unknown;
  };
}

/** Answers the request with this number (from 0). */
export type Behaviour = (request: SeenRequest, number: number) => Response | Promise<Response>;

/** An answer as a stream of pieces; `end` is what stands after them. */
export function streamed(pieces: readonly string[], end = "data: [DONE]\n\n"): Response {
  const events = pieces.map((text) => `data: ${JSON.stringify({ choices: [{ text }] })}\n\n`);
  return new Response(events.join("") + end, { headers: { "content-type": "text/event-stream" } });
}

/** A chat completion with this content. */
export function completion(content: string | null, extra: Record<string, unknown> = {}): Response {
  return Response.json({
    choices: [{ message: { role: "assistant", content, ...extra }, finish_reason: "stop" }],
  });
}

/** Runs `use` against a server of this behaviour, and stops the server. */
export async function withServer(
  behaviour: Behaviour,
  use: (url: string, seen: SeenRequest[]) => Promise<void>,
): Promise<void> {
  const seen: SeenRequest[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const entry: SeenRequest = {
        authorization: request.headers.get("authorization"),
        path: new URL(request.url).pathname.replace("/v1/", ""),
        body: await request.json(),
      };
      seen.push(entry);
      return behaviour(entry, seen.length - 1);
    },
  );
  try {
    await use(`http://127.0.0.1:${server.addr.port}/v1`, seen);
  } finally {
    await server.shutdown();
  }
}

/** A listener that sends these bytes to every connection and closes it: broken HTTP. */
export async function withRawServer(
  bytes: string,
  use: (url: string) => Promise<void>,
): Promise<void> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = (async () => {
    for await (const connection of listener) {
      await connection.read(new Uint8Array(65_536)).catch(() => {});
      await connection.write(new TextEncoder().encode(bytes)).catch(() => {});
      connection.close();
    }
  })();
  try {
    await use(`http://127.0.0.1:${(listener.addr as Deno.NetAddr).port}/v1`);
  } finally {
    listener.close();
    await serving.catch(() => {});
  }
}
