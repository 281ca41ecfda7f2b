/**
 * As much of tfjs as this library uses: the core with all gradients and chained operations.
 *
 * Who bundles for a browser and needs no `tf.layers` maps `@tensorflow/tfjs` to this file, which makes the
 * bundle less than half as large.
 */
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
import "@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js";

export * from "@tensorflow/tfjs-core";
