/** What a cache of keys and values is for, and what a kind of backend does for it. */
import type * as tf from "@tensorflow/tfjs";

/** How many sequences, heads, numbers a position and positions a cache is for. */
export interface CacheSize {
  batch: number;
  heads: number;
  /** C, which the heads share. */
  width: number;
  /** How many positions fit, L. */
  capacity: number;
}

/** What a kind of backend does for a cache; what is asked of it has been checked. */
export interface CacheSteps {
  /** Attends from new positions, of which the first is the `past`-th. */
  attend(qkv: tf.Tensor3D, past: number): tf.Tensor3D;
  select(rows: Int32Array): void;
  truncate(length: number): void;
  dispose(): void;
}
