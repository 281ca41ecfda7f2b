import { assert, assertGreater, assertLessOrEqual } from "@std/assert";
import { CheckpointError, openSafetensors } from "../../lib/safetensors/mod.ts";
import { createRandom, type Random } from "../../lib/random.ts";
import { largestAllocation } from "./allocation.ts";

const recorded = Deno.readFileSync(new URL("./python.safetensors", import.meta.url));
const headerEnd = 8 + Number(new DataView(recorded.buffer).getBigUint64(0, true));

type Mutation = (bytes: Uint8Array, rng: Random) => Uint8Array;

/** Changes that a broken disk, a broken writer or an attacker would make. */
const mutations: Mutation[] = [
  flipBit,
  (bytes, rng) => replace(bytes, { at: rng.integer(bytes.length), by: [rng.integer(256)] }),
  (bytes, rng) => bytes.slice(0, rng.integer(bytes.length)),
  (bytes, rng) => Uint8Array.of(...bytes, ...randomBytes(rng)),
  (bytes, rng) => replace(bytes, { at: rng.integer(8), by: randomBytes(rng).slice(0, 8) }),
  (bytes, rng) => replaceInHeader(bytes, { rng, pattern: /\d/g, by: randomNumber(rng) }),
  (bytes, rng) => replaceInHeader(bytes, { rng, pattern: /[{}[\]":,]/g, by: randomSign(rng) }),
  (bytes, rng) => replaceInHeader(bytes, { rng, pattern: /[A-Za-z_]+/g, by: randomWord(rng) }),
];

function flipBit(bytes: Uint8Array, rng: Random): Uint8Array {
  const at = rng.integer(Math.min(bytes.length, headerEnd));
  return replace(bytes, { at, by: [(bytes[at] ?? 0) ^ (1 << rng.integer(8))] });
}

function replace(bytes: Uint8Array, { at, by }: { at: number; by: ArrayLike<number> }): Uint8Array {
  const changed = bytes.slice();
  Array.from(by).forEach((byte, i) => changed[at + i] = byte);
  return changed;
}

/** Replaces one match in the header and, as a careful attacker would, corrects its length. */
function replaceInHeader(
  bytes: Uint8Array,
  { rng, pattern, by }: { rng: Random; pattern: RegExp; by: string },
): Uint8Array {
  const header = new TextDecoder().decode(bytes.subarray(8, headerEnd));
  const matches = [...header.matchAll(pattern)];
  if (matches.length === 0) return bytes;
  const { index, 0: { length } } = rng.choice(matches);
  const changed = header.slice(0, index) + by + header.slice(index + length);
  const text = new TextEncoder().encode(changed);
  const file = Uint8Array.of(...new Uint8Array(8), ...text, ...bytes.subarray(headerEnd));
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  return file;
}

function randomBytes(rng: Random): number[] {
  return Array.from({ length: 1 + rng.integer(24) }, () => rng.integer(256));
}

function randomNumber(rng: Random): string {
  return rng.choice(["0", "-1", "1e999", "1e9", "4294967296", "9007199254740993", "0.5", "null"]);
}

function randomSign(rng: Random): string {
  return rng.choice([...'{}[]":,\\', "[[", "{}", "\u0000"]);
}

function randomWord(rng: Random): string {
  return rng.choice(["F32", "F16", "I64", "BOOL", "dtype", "shape", "__proto__", "constructor"]);
}

Deno.test("openSafetensors() of 10,000 mutated files reads them or throws its own error", () => {
  const rng = createRandom(0, "fuzz");
  let [read, refused] = [0, 0];
  for (let i = 0; i < 10_000; i++) {
    let bytes: Uint8Array = recorded;
    for (let times = 1 + rng.integer(2); times > 0; times--) {
      bytes = rng.choice(mutations)(bytes, rng);
    }
    const largest = largestAllocation(() => {
      try {
        using file = openSafetensors(bytes);
        for (const name of file.tensors.keys()) file.read(name);
        read++;
      } catch (error) {
        assert(error instanceof CheckpointError, `mutation ${i}: ${error}`);
        refused++;
      }
    });
    assertLessOrEqual(largest, 2 * bytes.length + 8, `mutation ${i}`);
  }
  assertGreater(read, 300); // such as a changed number in the data
  assertGreater(refused, 5000);
});
