/** The page served to this machine. */
import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../lib/errors.ts";
import { servePage } from "../../lib/playground/mod.ts";

Deno.test("servePage() gives the page, with the headers that threads need, to loopback alone", async () => {
  const server = servePage("<!doctype html>", { port: 0 });
  try {
    const { hostname, port } = server.addr;
    assertEquals(hostname, "127.0.0.1");
    const url = `http://127.0.0.1:${port}/`;
    const answer = await fetch(url);
    assertEquals(await answer.text(), "<!doctype html>");
    assertEquals(answer.headers.get("content-type"), "text/html; charset=utf-8");
    assertEquals(answer.headers.get("cross-origin-opener-policy"), "same-origin");
    assertEquals(answer.headers.get("cross-origin-embedder-policy"), "require-corp");
    const statuses = [
      await fetch(`${url}../etc/passwd`),
      await fetch(url, { method: "POST" }),
      await fetch(url, { method: "HEAD" }),
    ];
    for (const { body } of statuses) await body?.cancel();
    assertEquals(statuses.map(({ status }) => status), [404, 405, 200]);
    assertThrows(
      () => servePage("", { port }),
      UsageError,
      `Expected a port that is free, got ${port}`,
    );
  } finally {
    await server.shutdown();
  }
});
