"""Trains PyTorch GPTs as make_snapshots.ts trains ours on Moby Dick, and records their losses.

`plain` is a second writing of the same network, as nanoGPT writes it: linear layers that keep their
weights as [outputs, inputs], PyTorch's own attention, a loop over parameter groups. `transformers` is that
package's GPT-2. Same text, sizes, spread of the first weights, steps, schedule and optimizer; the batches
and first weights are other draws. Run `deno task texts` first. Wants the packages of
tests/requirements.txt.

`python3 tests/notebooks/nanogpt.py [plain|transformers] [seeds]` adds to nanogpt.json.
"""

import json
import math
import sys
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

root = Path(__file__).parents[2]
text = (root / "runs/texts/moby-dick.txt").read_text()
characters = sorted(set(text))
number = {character: 1 + place for place, character in enumerate(characters)}  # 0 is the border, as in ours
ids = torch.tensor([number[character] for character in text])
train_end = int(0.9 * len(ids))
T, C, heads, layers, V = 64, 64, 4, 4, len(characters) + 1
B, steps, peak, warm_up, decay = 16, 1500, 3e-3, 75, 0.1
torch.set_num_threads(1)


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm_1, self.norm_2 = nn.LayerNorm(C), nn.LayerNorm(C)
        self.attention_in, self.attention_out = nn.Linear(C, 3 * C), nn.Linear(C, C)
        self.wide, self.narrow = nn.Linear(C, 4 * C), nn.Linear(4 * C, C)

    def attend(self, x):
        batch, length, _ = x.shape
        split = self.attention_in(x).view(batch, length, 3, heads, C // heads).permute(2, 0, 3, 1, 4)
        mixed = functional.scaled_dot_product_attention(*split, is_causal=True)
        return self.attention_out(mixed.transpose(1, 2).reshape(batch, length, C))

    def forward(self, x):
        x = x + self.attend(self.norm_1(x))
        return x + self.narrow(functional.gelu(self.wide(self.norm_2(x)), approximate="tanh"))


class GPT(nn.Module):
    def __init__(self):
        super().__init__()
        self.token, self.position = nn.Embedding(V, C), nn.Embedding(T, C)
        self.blocks = nn.Sequential(*(Block() for _ in range(layers)))
        self.norm = nn.LayerNorm(C)
        for name, parameter in self.named_parameters():
            into_residual = name.endswith(("attention_out.weight", "narrow.weight"))
            spread = 1 / math.sqrt(3 * C) / (math.sqrt(2 * layers) if into_residual else 1)
            if parameter.dim() > 1:
                nn.init.normal_(parameter, std=spread)
            elif name.endswith(".bias"):
                nn.init.zeros_(parameter)

    def forward(self, x):
        stream = self.token(x) + self.position.weight[: x.shape[1]]
        return self.norm(self.blocks(stream)) @ self.token.weight.T  # one table for reading and writing


class Gpt2(nn.Module):
    def __init__(self):
        super().__init__()
        from transformers import GPT2Config, GPT2LMHeadModel

        sizes = dict(vocab_size=V, n_positions=T, n_embd=C, n_head=heads, n_layer=layers)
        dropout = dict(embd_pdrop=0.0, resid_pdrop=0.0, attn_pdrop=0.0)
        self.model = GPT2LMHeadModel(GPT2Config(**sizes, **dropout, initializer_range=1 / math.sqrt(3 * C)))

    def forward(self, x):
        return self.model(x).logits


def rate_at(step):
    if step < warm_up:
        return peak * (step + 1) / warm_up
    return peak * 0.5 * (1 + math.cos(math.pi * (step - warm_up) / (steps - warm_up)))


def loss_at(model, starts):
    rows = torch.stack([ids[start : start + T + 1] for start in starts])
    return functional.cross_entropy(model(rows[:, :-1]).flatten(0, 1), rows[:, 1:].flatten())


def train(kind, seed):
    torch.manual_seed(seed)
    model = {"plain": GPT, "transformers": Gpt2}[kind]()
    matrices = [p for p in model.parameters() if p.dim() > 1]
    others = [p for p in model.parameters() if p.dim() <= 1]
    groups = [{"params": matrices, "weight_decay": decay}, {"params": others, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=peak, betas=(0.9, 0.99))
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = rate_at(step)
        optimizer.zero_grad()
        loss_at(model, torch.randint(train_end - T, (B,)).tolist()).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    with torch.no_grad():  # the same 25,600 characters as ours
        parts = [[train_end + i * T for i in range(40 * part, 40 * part + 40)] for part in range(10)]
        return sum(loss_at(model, part).item() for part in parts) / len(parts)


def main():
    kind = sys.argv[1] if len(sys.argv) > 1 else "plain"
    path = Path(__file__).with_name("nanogpt.json")
    valid = json.loads(path.read_text())["valid"] if path.exists() else {}
    for seed in sys.argv[2:] or ["0"]:
        valid[f"{kind}, seed {seed}"] = round(train(kind, int(seed)), 4)
        print(kind, seed, valid[f"{kind}, seed {seed}"], flush=True)
        path.write_text(json.dumps({"torch": torch.__version__, "valid": valid}, indent=2) + "\n")


main()
