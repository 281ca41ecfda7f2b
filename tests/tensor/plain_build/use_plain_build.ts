/** Makes `simd` the build of the kernels for engines without relaxed SIMD, for all tests in this process. */
import { tf } from "../../../lib/tensor/mod.ts";
import { registerSimd } from "../../../lib/tensor/simd/mod.ts";

if ("simd" in tf.engine().registryFactory) {
  throw new Error("Expected the plain build to be chosen before any other");
}
registerSimd({ relaxed: false });
