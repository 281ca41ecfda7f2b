"""Records what PyTorch's BatchNorm1d computes, as batch_norm.json for batch_norm_test.ts."""

import json
from pathlib import Path

import torch

torch.manual_seed(1)
layer = torch.nn.BatchNorm1d(3)
layer.weight.data = torch.tensor([1.5, -0.5, 2.0])
layer.bias.data = torch.tensor([0.1, 0.2, -0.3])
gain, bias = layer.weight.tolist(), layer.bias.tolist()
batches = [torch.randn(5, 3) * torch.tensor([1.0, 4.0, 0.2]) + torch.tensor([0.0, 2.0, -1.0]) for _ in range(3)]
steps = []
for x in batches:
    x.requires_grad_()
    layer.zero_grad()
    y = layer(x)
    above = torch.arange(15.0).sin().reshape(5, 3)
    (y * above).sum().backward()
    steps.append({
        "x": x.flatten().tolist(), "y": y.flatten().tolist(), "dx": x.grad.flatten().tolist(),
        "dGain": layer.weight.grad.tolist(), "dBias": layer.bias.grad.tolist(),
        "mean": layer.running_mean.tolist(), "variance": layer.running_var.tolist(),
    })  # fmt: skip
layer.eval()
record = {"gain": gain, "bias": bias, "steps": steps, "afterwards": layer(batches[0]).flatten().tolist()}
Path(__file__).with_name("batch_norm.json").write_text(json.dumps(record, indent=1) + "\n")
