"""Records how PyTorch descends from a fixed start on fixed batches, for pytorch_test.ts.

    python tests/nn/record_pytorch.py > tests/nn/pytorch_paths.json

The data are the points of a 12 x 12 grid; step s takes the rows (37 (32 s + j)) mod 144 for j = 0 to 31,
so that neither data nor batches need to be stored.
"""

import json

import torch

SIDE, BATCH, STEPS, HIDDEN = 12, 32, 200, 8
W1, W2, B = 2.0, 3.0, 5.0

OPTIMIZERS = {
    "sgd": ({"name": "sgd", "learningRate": 2e-4}, lambda p: torch.optim.SGD(p, lr=2e-4)),
    "sgdMomentum": (
        {"name": "sgd", "learningRate": 2e-5, "momentum": 0.9},
        lambda p: torch.optim.SGD(p, lr=2e-5, momentum=0.9),
    ),
    "adam": ({"name": "adam", "learningRate": 0.03}, lambda p: torch.optim.Adam(p, lr=0.03)),
    "adamW": (
        {"name": "adam", "learningRate": 0.03, "weightDecay": 0.1},
        lambda p: torch.optim.AdamW(p, lr=0.03, weight_decay=0.1),
    ),
}


def path(start, make_optimizer):
    positions = torch.arange(SIDE) * (20 / (SIDE - 1)) - 10
    x = torch.cartesian_prod(positions, positions)
    y = W1 * x[:, :1] ** 2 + W2 * x[:, 1:] ** 2 + B
    w1, b1, w2, b2 = parameters = [tensor.clone().requires_grad_() for tensor in start]
    optimizer = make_optimizer(parameters)
    losses = []
    for step in range(STEPS):
        rows = [37 * (BATCH * step + j) % SIDE**2 for j in range(BATCH)]
        predicted = torch.relu(x[rows] @ w1 + b1) @ w2 + b2
        loss = torch.nn.functional.mse_loss(predicted, y[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def main():
    torch.set_num_threads(1)
    generator = torch.Generator().manual_seed(0)
    start = [
        torch.randn(2, HIDDEN, generator=generator) * (2 / 2) ** 0.5,
        torch.zeros(HIDDEN),
        torch.randn(HIDDEN, 1, generator=generator) * (2 / HIDDEN) ** 0.5,
        torch.zeros(1),
    ]
    record = {
        "torch": torch.__version__,
        "task": {"w1": W1, "w2": W2, "b": B, "side": SIDE, "batch": BATCH},
        "start": [tensor.flatten().tolist() for tensor in start],
        "paths": {
            name: {"settings": settings, "losses": path(start, make)}
            for name, (settings, make) in OPTIMIZERS.items()
        },
    }
    print(json.dumps(record))


main()
