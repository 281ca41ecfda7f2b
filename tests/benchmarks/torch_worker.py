"""Does on PyTorch, on as many threads as its argument says, the work that the benchmark asks for.

One request a line on standard input, {"work": {...}, "repeat": n}; one answer a line on standard
output, {"seconds": t} for all n repetitions. Everything is set up, and run twice, at first request.
"""

import json
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(0)


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.before, self.between = nn.LayerNorm(width), nn.LayerNorm(width)
        self.packed, self.mixed = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.expand, self.contract = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        batch, length, width = x.shape
        packed = self.packed(self.before(x)).split(width, dim=2)
        query, key, value = (
            part.view(batch, length, self.heads, width // self.heads).transpose(1, 2)
            for part in packed
        )
        attended = F.scaled_dot_product_attention(query, key, value, is_causal=True)
        x = x + self.mixed(attended.transpose(1, 2).reshape(batch, length, width))
        return x + self.contract(F.gelu(self.expand(self.between(x)), approximate="tanh"))


class Gpt(nn.Module):
    def __init__(self, shape):
        super().__init__()
        width = shape["width"]
        self.tokens = nn.Embedding(shape["vocabulary"], width)
        self.positions = nn.Parameter(torch.randn(shape["time"], width) * 0.1)
        self.blocks = nn.Sequential(*(Block(width, shape["heads"]) for _ in range(shape["layers"])))
        self.last = nn.LayerNorm(width)
        self.head = nn.Linear(width, shape["vocabulary"], bias=False)

    def forward(self, tokens):
        return self.head(self.last(self.blocks(self.tokens(tokens) + self.positions)))


class Mlp(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.tokens = nn.Embedding(shape["vocabulary"], shape["embedding"])
        self.hidden = nn.Linear(shape["lookBack"] * shape["embedding"], shape["width"])
        self.head = nn.Linear(shape["width"], shape["vocabulary"])

    def forward(self, windows):
        return self.head(torch.tanh(self.hidden(self.tokens(windows).flatten(1))))


class Recurrent(nn.Module):
    def __init__(self, shape):
        super().__init__()
        cell = nn.GRU if shape["kind"] == "gru" else nn.RNN
        self.tokens = nn.Embedding(shape["vocabulary"], shape["embedding"])
        self.cell = cell(shape["embedding"], shape["width"], batch_first=True)
        self.head = nn.Linear(shape["width"], shape["vocabulary"])

    def forward(self, tokens):
        return self.head(self.cell(self.tokens(tokens))[0])


MODELS = {"gpt": Gpt, "mlp": Mlp, "rnn": Recurrent, "gru": Recurrent}


class Lstm(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.LSTM(32, 64, batch_first=True)
        self.head = nn.Linear(64, 10)

    def forward(self, x):
        return self.head(self.cell(x)[0][:, -1])


def program_step(work):
    """The programs of programs.ts."""
    program = work["program"]
    if program == "gpt":
        shape = {"kind": "gpt", "batch": 32, "time": 32, "vocabulary": 32, "width": 64}
        return training_step({"model": {**shape, "heads": 4, "layers": 4}})
    model, size = {
        "dense": lambda: (
            nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10)),
            (64, 784),
        ),
        "lstm": lambda: (Lstm(), (32, 32, 32)),
        "cnn": lambda: (
            nn.Sequential(
                *(nn.Conv2d(1, 16, 3), nn.ReLU(), nn.MaxPool2d(2)),
                *(nn.Conv2d(16, 32, 3), nn.ReLU(), nn.MaxPool2d(2)),
                *(nn.Flatten(), nn.Linear(800, 10)),
            ),
            (32, 1, 28, 28),
        ),
    }[program]()
    x, targets = torch.randn(size), torch.randint(10, size[:1])
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = F.cross_entropy(model(x), targets)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def training_step(work):
    shape = work["model"]
    model = MODELS[shape["kind"]](shape)
    rows = shape["batch"] * shape["time"]
    windows = shape["kind"] == "mlp"
    size = (rows, shape["lookBack"]) if windows else (shape["batch"], shape["time"])
    tokens = torch.randint(shape["vocabulary"], size)
    targets = torch.randint(shape["vocabulary"], (rows,))
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.0, fused=True)

    def step():
        optimizer.zero_grad(set_to_none=True)
        logits = model(tokens)
        loss = F.cross_entropy(logits.view(-1, shape["vocabulary"]), targets)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def matrix_product(work):
    rows, inner, columns = work["rows"], work["inner"], work["columns"]
    form = work["form"]
    a = torch.randn((inner, rows) if form == "tn" else (rows, inner))
    b = torch.randn((columns, inner) if form == "nt" else (inner, columns))
    a, b = a.t() if form == "tn" else a, b.t() if form == "nt" else b
    return lambda: a @ b


def element_wise(work):
    x, y = torch.randn(work["shape"]), torch.randn(work["shape"])
    width = work["shape"][-1]
    gain, bias = torch.ones(width), torch.zeros(width)
    return {
        "add": lambda: x + y,
        "mul": lambda: x * y,
        "exp": lambda: torch.exp(x),
        "tanh": lambda: torch.tanh(x),
        "gelu": lambda: F.gelu(x, approximate="tanh"),
        "sum": lambda: x.sum(-1),
        "softmax": lambda: F.softmax(x, -1),
        "transpose": lambda: x.t().contiguous(),
        "layerNorm": lambda: F.layer_norm(x, (width,), gain, bias),
    }[work["operation"]]


def decoding_step(work):
    """One position of cached attention with its linear maps, at a length that stays the same."""
    width, heads, past = work["width"], work["heads"], work["past"]
    block = Block(width, heads).eval()
    keys = torch.randn(work["batch"], heads, past + 1, width // heads)
    values = torch.randn(work["batch"], heads, past + 1, width // heads)
    x = torch.randn(work["batch"], 1, width)

    @torch.inference_mode()
    def step():
        packed = block.packed(block.before(x)).split(width, dim=2)
        query, key, value = (
            part.view(work["batch"], 1, heads, width // heads).transpose(1, 2) for part in packed
        )
        keys[:, :, past:], values[:, :, past:] = key, value
        attended = F.scaled_dot_product_attention(query, keys, values)
        y = x + block.mixed(attended.transpose(1, 2).reshape(work["batch"], 1, width))
        return y + block.contract(F.gelu(block.expand(block.between(y)), approximate="tanh"))

    return step


KINDS = {
    "decode": decoding_step,
    "program": program_step,
    "train": training_step,
    "matmul": matrix_product,
    "elementwise": element_wise,
}
prepared = {}

for line in sys.stdin:
    request = json.loads(line)
    key = json.dumps(request["work"], sort_keys=True)
    if key not in prepared:
        prepared[key] = KINDS[request["work"]["kind"]](request["work"])
        prepared[key](), prepared[key]()
    run = prepared[key]
    start = time.perf_counter()
    for _ in range(request["repeat"]):
        run()
    print(json.dumps({"seconds": time.perf_counter() - start}), flush=True)
