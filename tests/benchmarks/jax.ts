/** jax-js's wasm backend as a contestant: matrix products, on all cores, as it always computes. */
import { defaultDevice, init, numpy as np } from "@jax-js/jax";
import { createRandom } from "../../lib/random.ts";
import type { Contestant } from "./measure.ts";
import type { Work } from "./rows.ts";

/** The column of jax-js. */
export const JAX = "jax-js, all cores";

/** Prepares a product of a row. */
export async function jaxContestant(
  { form, rows, inner, columns }: Extract<Work, { kind: "matmul" }>,
): Promise<Contestant> {
  if (!(await init("wasm")).includes("wasm")) throw new Error("Expected jax-js to have wasm");
  defaultDevice("wasm");
  const [first, second] = [form === "tn", form === "nt"];
  const a = matrix(first ? [inner, rows] : [rows, inner], 0);
  const b = matrix(second ? [columns, inner] : [inner, columns], 1);
  return {
    name: JAX,
    run: async (repeat) => {
      const start = performance.now();
      for (let i = 0; i < repeat; i++) {
        const product = np.matmul(
          first ? np.transpose(a.ref) : a.ref, // what is passed on is used up, a reference is not
          second ? np.transpose(b.ref) : b.ref,
        );
        await product.blockUntilReady();
        product.dispose();
      }
      return (performance.now() - start) / 1000;
    },
  };
}

function matrix([rows, columns]: [number, number], seed: number) {
  const random = createRandom(seed, "benchmark");
  const values = Float32Array.from({ length: rows * columns }, () => random.normal());
  return np.array(values, { shape: [rows, columns] });
}
