"""Writes python.safetensors beside itself, with the Python library, for read_safetensors_test.ts."""

from pathlib import Path

import torch
from safetensors.torch import save_file

count = torch.arange(6).reshape(2, 3)
save_file(
    {
        "double": count.double() / 3,
        "float": count.float() / 4 - 0.5,
        "half": (count / 4 - 0.5).half(),
        "brain": (count / 4 - 0.5).bfloat16(),
        "long": count * 10**12,
        "int": count.int() - 3,
        "byte": count.to(torch.uint8),
        "mask": count > 2,
        "scalar": torch.tensor(1.5),
        "empty": torch.zeros(0, 4),
        "größe.0": torch.ones(1),
    },
    Path(__file__).with_name("python.safetensors"),
    metadata={"format": "pt", "note": 'a "quoted" note: {"twice": 1, "twice": 2}'},
)
