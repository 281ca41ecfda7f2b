"""Trains PyTorch's GPT-2 as make_snapshots.ts trains ours, and records its validation loss.

Same text, sizes, start values, steps, schedule and optimizer; the batches and first weights are other
draws. Run `deno task texts` first. Wants the packages of tests/requirements.txt.
"""

import json
import math
import sys
from pathlib import Path

import torch
from transformers import GPT2Config, GPT2LMHeadModel

root = Path(__file__).parents[2]
text = (root / "runs/texts/moby-dick.txt").read_text()
characters = sorted(set(text))
ids = torch.tensor([1 + characters.index(c) for c in text])
T, B, steps, peak, warm_up = 64, 16, 1500, 3e-3, 75
train_end = int(0.9 * len(ids))
torch.set_num_threads(1)


def train(seed):
    torch.manual_seed(seed)
    model = GPT2LMHeadModel(
        GPT2Config(
            vocab_size=len(characters) + 1, n_positions=T, n_embd=64, n_head=4, n_layer=4,
            embd_pdrop=0.0, resid_pdrop=0.0, attn_pdrop=0.0,
            initializer_range=1 / math.sqrt(3 * 64),
        )
    )  # fmt: skip
    matrices = [p for p in model.parameters() if p.dim() > 1]
    others = [p for p in model.parameters() if p.dim() <= 1]
    groups = [{"params": matrices, "weight_decay": 0.1}, {"params": others, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=peak, betas=(0.9, 0.99))

    def loss_at(starts):
        rows = torch.stack([ids[s : s + T + 1] for s in starts])
        logits = model(rows[:, :-1]).logits
        return torch.nn.functional.cross_entropy(logits.flatten(0, 1), rows[:, 1:].flatten())

    for step in range(steps):
        share = (step - warm_up) / (steps - warm_up)
        rate = peak * (step + 1) / warm_up if step < warm_up else peak * 0.5 * (1 + math.cos(math.pi * share))
        for group in optimizer.param_groups:
            group["lr"] = rate
        loss = loss_at(torch.randint(train_end - T, (B,)).tolist())
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    with torch.no_grad():
        losses = [loss_at([train_end + i * T for i in range(40 * part, 40 * part + 40)]) for part in range(10)]
    return sum(losses).item() / len(losses)


seeds = [int(seed) for seed in sys.argv[1:]] or [0, 1]
record = {"torch": torch.__version__, "valid": {str(seed): round(train(seed), 4) for seed in seeds}}
Path(__file__).with_name("nanogpt.json").write_text(json.dumps(record, indent=1) + "\n")
print(record)
