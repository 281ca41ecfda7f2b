/**
 * Runs `deno task milestone:lm` on a disk that is full after so many bytes: the process that
 * full_disk_test.ts starts. A disk of its own would have to be mounted, which no test may; so it is
 * the writing that fails here as the system's does, with half of a file written.
 *
 * Usage: deno run on_full_disk.ts BYTES FLAGS
 */
let room = Number(Deno.args[0]);
const { writeFile } = Deno;

Deno.writeFile = async (path, data, options) => {
  if (!(data instanceof Uint8Array)) throw new TypeError("Expected bytes, got a stream");
  await writeFile(path, data.subarray(0, room), options);
  room -= data.length;
  if (room < 0) throw new Error("No space left on device (os error 28)");
};

Object.defineProperty(Deno, "args", { value: Deno.args.slice(1) });
await import("../../lib/lm/command/milestone.ts");
