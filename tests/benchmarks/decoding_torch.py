"""Times transformers' cached decoding with one thread, for decoding_gpt2.ts: FOLDER TOKENS."""

import json
import sys
import time

import torch
from transformers import AutoModelForCausalLM

torch.set_num_threads(1)
folder, tokens = sys.argv[1], int(sys.argv[2])


def megabytes():
    """What is held now, memory-mapped weights included (Linux)."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096 / 1e6


before, begin = megabytes(), time.perf_counter()
model = AutoModelForCausalLM.from_pretrained(folder).eval()
loaded = time.perf_counter() - begin
cache, times = None, []
with torch.inference_mode():
    for i in range(tokens):
        start = time.perf_counter()
        token = torch.tensor([[(i * 7919) % model.config.vocab_size]])
        output = model(token, past_key_values=cache, use_cache=True)
        torch.log_softmax(output.logits[:, -1], -1)
        cache = output.past_key_values
        times.append(1000 * (time.perf_counter() - start))
json.dump({"loaded": loaded, "times": times, "memory": megabytes() - before}, sys.stdout)
