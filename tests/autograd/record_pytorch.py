"""Records what PyTorch computes, for our tests and milestone to compare with.

Any Python with PyTorch can rerun it, from the project's folder:

    deno task milestone:autograd
    python tests/autograd/record_pytorch.py runs/autograd/report.json
    deno fmt tests/autograd/pytorch.json lib/autograd/milestone/pytorch.json

The first writes the regression's points, start and settings into its report, so that both
sides descend from the same numbers; with other flags it records another run. All in float64.
"""

import json
import pathlib
import sys

import torch

torch.set_default_dtype(torch.float64)

BINARY = {
    "add": torch.add,
    "sub": torch.sub,
    "mul": torch.mul,
    "div": torch.div,
    "pow": torch.pow,
}
UNARY = {
    "neg": torch.neg,
    "exp": torch.exp,
    "log": torch.log,
    "relu": torch.relu,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
}
# ordinary points, kinks, poles and where floats overflow
POINTS = [-800.0, -2.5, -1.0, -0.0, 0.0, 0.3, 1.0, 2.0, 800.0]
PAIRS = [-1.5, 0.0, 0.5, 1.0, 2.0, 3.0]


def gradients(function, inputs):
    leaves = [torch.tensor(x, requires_grad=True) for x in inputs]
    result = function(*leaves)
    result.backward()
    return {
        "inputs": inputs,
        "data": written(result.item()),
        "grads": [written(leaf.grad.item()) for leaf in leaves],
    }


def written(number):
    """JSON has no NaN and no infinities."""
    return number if abs(number) < float("inf") else str(number)


def composite(a, b, c):
    """Every operation once, with shared parts."""
    d = a * b + c
    e = torch.tanh(d) - torch.sigmoid(a)
    f = (e**2 + 1) / (b**a)
    g = torch.relu(d + f) + torch.log(f) * torch.exp(-e)
    return g * d + g


def regression(report):
    x, y = torch.tensor(report["data"]["x"]), torch.tensor(report["data"]["y"])
    a = torch.tensor(report["start"]["a"], requires_grad=True)
    b = torch.tensor(report["start"]["b"], requires_grad=True)
    optimizer = torch.optim.SGD([a, b], lr=report["settings"]["learningRate"])
    path = []
    for _ in range(report["settings"]["steps"] + 1):
        optimizer.zero_grad()
        loss = ((a * x + b - y) ** 2).mean()
        loss.backward()
        path.append({"a": a.item(), "b": b.item(), "loss": loss.item()})
        optimizer.step()
    settings = {k: v for k, v in report["settings"].items() if k != "steps"}
    return {"settings": settings, "path": path}


def main():
    report = json.loads(pathlib.Path(sys.argv[1]).read_text())
    version = {"torch": torch.__version__.split("+")[0]}
    here = pathlib.Path(__file__).parent
    record(here / "pytorch.json", {
        **version,
        "operations": {
            **{name: [gradients(f, [x]) for x in POINTS] for name, f in UNARY.items()},
            **{name: [gradients(f, [a, b]) for a in PAIRS for b in PAIRS] for name, f in BINARY.items()},
        },
        "composite": [gradients(composite, p) for p in ([1.5, 2.0, -0.5], [-0.7, 0.3, 2.0])],
    })
    milestone = here / "../../lib/autograd/milestone/pytorch.json"
    record(milestone, {**version, "regression": regression(report)})


def record(path, values):
    path.write_text(json.dumps(values))


main()
