"""Records what PyTorch computes, for pytorch_test.ts beside this file.

For each architecture: weights, one padded batch, logits, loss, gradients, and the losses of ten steps
of AdamW with weight decay and clipping. The recurrent networks are PyTorch's own modules, the
Transformer is the GPT-2 of the transformers library. Run it again with the packages of
tests/requirements.txt; the same versions write the same files.
"""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn
from transformers import GPT2Config, GPT2LMHeadModel

V, B, T = 11, 3, 7  # vocabulary, sequences, positions
E, H, C = 4, 6, 8  # widths of embedding, state and residual stream


class Recurrent(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.embedding = nn.Embedding(V, E)
        self.recurrent = kind(E, H, batch_first=True)
        self.output = nn.Linear(H, V)
        if kind is nn.RNN:  # its second bias adds nothing to the first
            nn.init.zeros_(self.recurrent.bias_hh_l0).requires_grad_(False)

    def forward(self, inputs):
        return self.output(self.recurrent(self.embedding(inputs))[0])

    def ours(self):
        """Our name of each parameter, and whether it lies the other way round."""
        return {
            "embedding.weight": ("embedding", False),
            "recurrent.weight_ih_l0": ("input.weight", True),
            "recurrent.bias_ih_l0": ("input.bias", False),
            "recurrent.weight_hh_l0": ("recurrent.weight", True),
            "recurrent.bias_hh_l0": ("recurrent.bias", False),
            "output.weight": ("output.weight", True),
            "output.bias": ("output.bias", False),
        }


class Transformer(nn.Module):
    def __init__(self, tied):
        super().__init__()
        self.gpt2 = GPT2LMHeadModel(
            GPT2Config(
                vocab_size=V, n_positions=T, n_embd=C, n_head=2, n_layer=2, tie_word_embeddings=tied,
                embd_pdrop=0.0, resid_pdrop=0.0, attn_pdrop=0.0, attn_implementation="eager",
            )
        )  # fmt: skip

    def forward(self, inputs):
        return self.gpt2(inputs).logits

    def ours(self):
        return {f"gpt2.{name}": (name, False) for name, _ in self.gpt2.named_parameters()}

    def attention(self, inputs):
        weights = self.gpt2(inputs, output_attentions=True).attentions
        return {f"observed/block{i}.attention": w for i, w in enumerate(weights)}


def record(name, config, model):
    random = torch.Generator().manual_seed(1)
    for parameter in model.parameters():  # larger than a start, so that every term matters
        if parameter.requires_grad:
            parameter.data += 0.3 * torch.randn(parameter.shape, generator=random)
    inputs = torch.randint(V, (B, T), generator=random)
    targets = torch.randint(V, (B, T), generator=random)
    targets[0, 5:] = -1
    targets[1, :2] = -1
    parameters = {n: p for n, p in model.named_parameters() if p.requires_grad}

    def loss_of(logits):
        return nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=-1)

    def as_ours(group, tensors):
        return {
            f"{group}/{ours}": (tensors[n].T if turned else tensors[n]).detach().clone().contiguous()
            for n, (ours, turned) in model.ours().items()
            if n in tensors
        }

    tensors = {"inputs": inputs.int(), "targets": targets.int()}
    tensors |= as_ours("parameters", parameters)
    logits = model(inputs)
    loss = loss_of(logits)
    loss.backward()
    tensors |= {"logits": logits.detach().clone(), "loss": loss.detach().clone()}
    tensors |= as_ours("gradients", {n: p.grad for n, p in parameters.items()})
    if hasattr(model, "attention"):
        tensors |= {n: w.detach().clone() for n, w in model.attention(inputs).items()}

    optimizer = torch.optim.AdamW(
        [
            {"params": [p for p in parameters.values() if p.ndim > 1], "weight_decay": 0.1},
            {"params": [p for p in parameters.values() if p.ndim == 1], "weight_decay": 0.0},
        ],
        lr=0.01,
    )
    losses = []
    for _ in range(10):
        optimizer.zero_grad()
        loss = loss_of(model(inputs))
        losses.append(loss.item())
        loss.backward()
        nn.utils.clip_grad_norm_(parameters.values(), 0.5)
        optimizer.step()
    tensors["losses"] = torch.tensor(losses)
    path = Path(__file__).with_name(f"{name}.safetensors")
    save_file(tensors, path, metadata={"config": json.dumps(config)})
    path.chmod(0o644)


torch.manual_seed(0)
record("rnn", {"embedding": E, "hidden": H}, Recurrent(nn.RNN))
record("gru", {"embedding": E, "hidden": H}, Recurrent(nn.GRU))
size = {"contextLength": T, "width": C, "heads": 2, "layers": 2}
record("transformer_tied", {**size, "tied": True}, Transformer(tied=True))
record("transformer_untied", {**size, "tied": False}, Transformer(tied=False))
