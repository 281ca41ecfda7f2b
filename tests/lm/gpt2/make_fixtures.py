"""Makes the folders beside this file with Hugging Face transformers, for gpt2_test.ts.

Each holds a tiny GPT-2 of random weights as save_pretrained writes it, and in recorded.safetensors
token ids, the logits that transformers computes for them, and what it generates greedily. Run it
again with the packages of tests/requirements.txt; the same versions write the same files.
"""

import json
import shutil
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast

HERE = Path(__file__).parent
TEXT = "Call me Ishmael. Some years ago, never mind how long precisely, I went to sea.\n" * 3
PROMPT = "Call me"


def train_tokenizer():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    tokenizer.train_from_iterator(
        [TEXT],
        trainers.BpeTrainer(
            vocab_size=272,
            special_tokens=["<|endoftext|>"],
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        ),
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<|endoftext|>", eos_token="<|endoftext|>"
    )


def make(name, seed, dtype=torch.float32, shard="1GB", **fields):
    torch.manual_seed(seed)
    tokenizer = train_tokenizer()
    config = GPT2Config(
        vocab_size=len(tokenizer), n_positions=16, n_embd=8, n_head=2,
        bos_token_id=0, eos_token_id=0, **fields,
    )  # fmt: skip
    model = GPT2LMHeadModel(config).eval()
    for parameter in model.parameters():  # larger than a start, so that every term matters
        parameter.data += 0.3 * torch.randn(parameter.shape)
    model = model.to(dtype)
    folder = HERE / name
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder, max_shard_size=shard)
    tokenizer.save_pretrained(folder)
    model = model.float()
    ids = torch.tensor([tokenizer.encode(TEXT)[:16], torch.randint(len(tokenizer), (16,)).tolist()])
    prompt = tokenizer(PROMPT, return_tensors="pt")
    with torch.no_grad():
        logits = model(ids).logits
        written = model.generate(**prompt, max_new_tokens=8, do_sample=False, eos_token_id=None)
    recorded = {"ids": ids.int(), "logits": logits, "written": written.int()}
    metadata = {"prompt": PROMPT, "written": tokenizer.decode(written[0])}
    save_file(recorded, folder / "recorded.safetensors", metadata=metadata)


def as_published(name):
    """OpenAI's files on the hub lack the prefix of the names and hold the causal masks."""
    path = HERE / name / "model.safetensors"
    tensors = {k.removeprefix("transformer."): v for k, v in load_file(path).items()}
    for layer in range(2):
        tensors[f"h.{layer}.attn.bias"] = torch.tril(torch.ones(16, 16)).view(1, 1, 16, 16)
    save_file(tensors, path, metadata={"format": "pt"})


make("published", 0, n_layer=2)
as_published("published")
make("sharded_half", 1, dtype=torch.float16, shard="4KB", n_layer=3, activation_function="relu")
make(
    "untied_bfloat", 2, dtype=torch.bfloat16, n_layer=1, n_inner=12, tie_word_embeddings=False,
    activation_function="gelu_pytorch_tanh",
)  # fmt: skip
for file in HERE.rglob("*"):
    if file.is_file():
        file.chmod(0o644)
