"""Loads a saved folder with Hugging Face transformers and tells as JSON what it makes of it.

The request comes as JSON on standard input: the folder, texts to encode, and token rows to read.
"""

import json
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

request = json.load(sys.stdin)
folder = request["folder"]
tokenizer = AutoTokenizer.from_pretrained(folder)
model = AutoModelForCausalLM.from_pretrained(folder).eval()
with torch.no_grad():
    logits = model(torch.tensor(request["rows"])).logits
    prompt = tokenizer(request["texts"][0], return_tensors="pt")
    generated = model.generate(
        **prompt, max_new_tokens=5, do_sample=False, pad_token_id=tokenizer.eos_token_id
    )
encoded = [tokenizer.encode(text) for text in request["texts"]]
with torch.enable_grad():  # as after a step of fine-tuning: what transformers saves, we load again
    rows = tokenizer(request["texts"][:1], truncation=True, max_length=8, return_tensors="pt")
    model(**rows, labels=rows["input_ids"]).loss.backward()
model.save_pretrained(folder + "/again")
tokenizer.save_pretrained(folder + "/again")
answer = {
    "model": type(model).__name__,
    "parameters": model.num_parameters(),
    "logits": logits.flatten().tolist(),
    "encoded": encoded,
    "decoded": [tokenizer.decode(ids) for ids in encoded],
    "end": tokenizer.eos_token_id,
    "longest": tokenizer.model_max_length,
    "generated": generated[0].tolist(),
}
json.dump(answer, sys.stdout)
