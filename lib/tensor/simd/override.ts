/** What a kernel of ours is, that replaces one of tfjs's. */
import type { NamedAttrMap, TensorInfo } from "@tensorflow/tfjs-core";
import type { SimdBackend } from "./backend.ts";

/** What tfjs gives a kernel, with our backend. */
export interface KernelArguments {
  /** The tensors, by tfjs's name or in a list. */
  inputs: Record<string, TensorInfo>;
  /** Everything else. */
  attrs: NamedAttrMap;
  /** Where the tensors live. */
  backend: SimdBackend;
}

/** Our kernel for an op; what it does not handle it leaves to the stock kernel by returning nothing. */
export type Override = (args: KernelArguments) => TensorInfo | TensorInfo[] | undefined;
