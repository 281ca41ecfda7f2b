/** Pictures of the architectures, with the shapes of what flows between their parts. */
import { architecture, type Block, type HtmlFragment } from "../../plot/mod.ts";

/** The Transformer as in GPT-2, one block of it in a frame. */
export function transformerPicture(): Promise<HtmlFragment> {
  const inBlock = (block: Block): Block => ({ ...block, group: "block, once for each layer" });
  const sum: Block = { name: "sum", label: "+", kind: "join" };
  return architecture({
    title: "GPT-2 and its shapes",
    direction: "down",
    blocks: [
      { name: "ids", label: "token ids", kind: "data" },
      { name: "tokens", label: "token embedding", detail: "wte [V, C]", kind: "layer" },
      { name: "positions", label: "position embedding", detail: "wpe [T, C]", kind: "layer" },
      sum,
      inBlock({ name: "norm 1", label: "layer norm", detail: "ln_1", kind: "layer" }),
      inBlock({ name: "qkv", label: "queries, keys, values", detail: "c_attn", kind: "layer" }),
      inBlock({ name: "heads", label: "look back, H heads", detail: "D = C / H numbers each" }),
      inBlock({ name: "mixed", label: "mix the heads", detail: "c_proj", kind: "layer" }),
      inBlock({ ...sum, name: "sum 1" }),
      inBlock({ name: "norm 2", label: "layer norm", detail: "ln_2", kind: "layer" }),
      inBlock({
        name: "mlp",
        label: "linear, GELU, linear",
        detail: "c_fc, c_proj",
        kind: "layer",
      }),
      inBlock({ ...sum, name: "sum 2" }),
      { name: "norm", label: "layer norm", detail: "ln_f", kind: "layer" },
      { name: "head", label: "token embedding", detail: "wte, transposed", kind: "layer" },
      { name: "logits", kind: "data" },
    ],
    flows: [
      { from: "ids", to: "tokens", shape: "[B, T]" },
      { from: "tokens", to: "sum", shape: "[B, T, C]" },
      { from: "positions", to: "sum", shape: "[T, C]" },
      { from: "sum", to: "norm 1" },
      { from: "norm 1", to: "qkv", shape: "[B, T, C]" },
      { from: "qkv", to: "heads", shape: "[B, T, 3C]" },
      { from: "heads", to: "mixed", shape: "[B, T, C]" },
      { from: "mixed", to: "sum 1" },
      { from: "sum", to: "sum 1", shape: "residual stream", around: true },
      { from: "sum 1", to: "norm 2" },
      { from: "norm 2", to: "mlp", shape: "[B, T, C]" },
      { from: "mlp", to: "sum 2", shape: "4C inside" },
      { from: "sum 1", to: "sum 2", shape: "residual stream", around: true },
      { from: "sum 2", to: "norm" },
      { from: "norm", to: "head", shape: "[B, T, C]" },
      { from: "head", to: "logits", shape: "[B, T, V]" },
    ],
  });
}

/** A recurrent network unrolled over three positions, from token ids to losses. */
export function unrolledPicture(): Promise<HtmlFragment> {
  const steps = [1, 2, 3];
  const column = (t: number): Block[] => [
    { name: `id ${t}`, label: `character ${t}`, kind: "data" },
    { name: `embedding ${t}`, label: "embedding", kind: "layer" },
    { name: `cell ${t}`, label: "cell", detail: "W, U, b", kind: "layer" },
    { name: `output ${t}`, label: "output layer", kind: "layer" },
    { name: `loss ${t}`, label: "loss", detail: `of character ${t + 1}` },
  ];
  return architecture({
    title: "A recurrent network, unrolled: the weights are the same at every position",
    direction: "right",
    blocks: [{ name: "start", label: "state 0", kind: "data" }, ...steps.flatMap(column)],
    flows: [
      { from: "start", to: "cell 1", shape: "[B, H]" },
      ...steps.flatMap((t) => [
        { from: `id ${t}`, to: `embedding ${t}`, shape: "[B]" },
        { from: `embedding ${t}`, to: `cell ${t}`, shape: "[B, E]" },
        { from: `cell ${t}`, to: `output ${t}`, shape: "[B, H]" },
        { from: `output ${t}`, to: `loss ${t}`, shape: "[B, V]" },
      ]),
      { from: "cell 1", to: "cell 2", shape: "state [B, H]" },
      { from: "cell 2", to: "cell 3", shape: "state [B, H]" },
    ],
  });
}

/** One step of a gated recurrent unit. */
export function gruPicture(): Promise<HtmlFragment> {
  return architecture({
    title: "One step of a GRU",
    direction: "right",
    blocks: [
      { name: "x", label: "character x", kind: "data" },
      { name: "h", label: "old state h", kind: "data" },
      { name: "reset", label: "reset gate r", detail: "σ(x W + h U)", kind: "layer" },
      { name: "update", label: "update gate z", detail: "σ(x W + h U)", kind: "layer" },
      { name: "fresh", label: "news n", detail: "tanh(x W + r ∘ h U)", kind: "layer" },
      { name: "mix", label: "(1 − z) ∘ n + z ∘ h" },
      { name: "next", label: "new state h′", kind: "data" },
    ],
    flows: [
      { from: "x", to: "reset", shape: "[B, E]" },
      { from: "x", to: "update" },
      { from: "x", to: "fresh" },
      { from: "h", to: "reset", shape: "[B, H]" },
      { from: "h", to: "update" },
      { from: "h", to: "fresh" },
      { from: "reset", to: "fresh", shape: "[B, H]" },
      { from: "fresh", to: "mix", shape: "[B, H]" },
      { from: "update", to: "mix", shape: "[B, H]" },
      { from: "h", to: "mix", shape: "kept", around: true },
      { from: "mix", to: "next", shape: "[B, H]" },
    ],
  });
}
