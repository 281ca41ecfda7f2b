"""Records what transformers computes of the folder `published` with its matrices rounded to float16.

For gpt2_test.ts, which holds `loadGpt2(folder, { weights: "f16" })` to it. Norms, biases and positions stay
float32, as they do there.
"""

import re
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from transformers import AutoTokenizer, GPT2LMHeadModel

folder = Path(__file__).parent / "published"
model = GPT2LMHeadModel.from_pretrained(folder).eval()
for name, parameter in model.named_parameters():
    if re.search(r"(c_\w+|wte)\.weight$", name):
        parameter.data = parameter.data.half().float()
tokenizer = AutoTokenizer.from_pretrained(folder)
ids = load_file(folder / "recorded.safetensors")["ids"]
prompt = tokenizer("Call me", return_tensors="pt")
with torch.no_grad():
    logits = model(ids.long()).logits
    written = model.generate(**prompt, max_new_tokens=8, do_sample=False, eos_token_id=None)
save_file(
    {"ids": ids, "logits": logits, "written": written.int()},
    folder / "recorded_f16.safetensors",
    metadata={"prompt": "Call me", "written": tokenizer.decode(written[0])},
)
(folder / "recorded_f16.safetensors").chmod(0o644)
