"""Prompts and cached decoding by transformers, for decoding_gpt2.ts, on as many threads as its argument says.

One request a line on standard input, {"work": {"kind": …, "folder": …, "prompt": tokens}, "repeat": n};
one answer a line on standard output, {"seconds": t} for all n repetitions.
"""

import json
import sys
import time
import warnings

import torch
from transformers import AutoModelForCausalLM, DynamicCache

warnings.simplefilter("ignore")
torch.set_num_threads(int(sys.argv[1]))
models = {}


def model_of(folder):
    if folder not in models:
        models[folder] = AutoModelForCausalLM.from_pretrained(folder).eval()
    return models[folder]


def read(model, tokens, cache):
    """ln P after the last token."""
    output = model(tokens, past_key_values=cache, use_cache=True, logits_to_keep=1)
    return torch.log_softmax(output.logits[:, -1], -1)


def prefill(work):
    """A prompt is read as a whole."""
    model = model_of(work["folder"])
    tokens = torch.arange(work["prompt"])[None] * 7919 % model.config.vocab_size
    return lambda: read(model, tokens, DynamicCache())


def decode(work):
    """One token is read, after a prompt."""
    model, length = model_of(work["folder"]), work["prompt"]
    cache, token = DynamicCache(), torch.tensor([[1]])
    read(model, torch.arange(length)[None], cache)

    def step():
        read(model, token, cache)
        cache.crop(-1)

    return step


KINDS = {"prefill": prefill, "decode": decode}
prepared = {}

with torch.inference_mode():
    for line in sys.stdin:
        request = json.loads(line)
        key = json.dumps(request["work"], sort_keys=True)
        if key not in prepared:
            prepared[key] = KINDS[request["work"]["kind"]](request["work"])
            prepared[key](), prepared[key]()
        start = time.perf_counter()
        for _ in range(request["repeat"]):
            prepared[key]()
        print(json.dumps({"seconds": time.perf_counter() - start}), flush=True)
