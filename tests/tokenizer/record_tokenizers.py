"""Records what Hugging Face `tokenizers` makes of difficult texts, for bpe_test.ts.

Run with any Python that has `tokenizers`: python tests/tokenizer/record_tokenizers.py
"""
import json
import pathlib
import random

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers

here = pathlib.Path(__file__).parent

corpus = [
    "The river bends where the mill once stood, and the mill's wheel still turns.",
    "She'd said they'll come; they've come, I'm told, and he's late. Don't wait!",
    "In 1984 we counted 12 boats, 345 nets and 6,789 fish.",
    "naïve café, Straße, über, señor, Ελλάδα, Москва, 東京の夜, مرحبا, שלום",
    "    indented\n\n\tand    spaced   out  \r\n",
]

generator = random.Random(7)
ranges = [(0x20, 0x7F), (0xA0, 0x180), (0x370, 0x400), (0x4E00, 0x4E80), (0x1F600, 0x1F640), (0x2000, 0x2030)]


def scramble() -> str:
    ends = (generator.choice(ranges) for _ in range(generator.randrange(1, 30)))
    return "".join(chr(generator.randrange(*end)) for end in ends)


texts = corpus + [
    "",
    " ",
    "   ",
    "a",
    "hello  world   !",
    "it'S IT'S 's'S ''s 'sa d'd",
    "x\u0085y \u00a0z\ufeff q\u3000r\u200bs\u2028t\u180eu",
    "½ Ⅷ ٣٤ ² 1st 2nd x1 1x",
    "e\u0301 \u0301 👩‍👩‍👧 🇩🇪 🙂🙂",
    "\x00\x01\x7f tab\tnew\nline \n \n  x",
    "the the<|endoftext|>the <|endoftext|> <|endoftext|",
    "word" * 50,
    "the " * 50,
    "!?" * 40,
    "\n" * 9 + "a",
] + [scramble() for _ in range(60)]

tokenizer = Tokenizer(models.BPE())
tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
tokenizer.decoder = decoders.ByteLevel()
tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
tokenizer.train_from_iterator(
    corpus * 3,
    trainers.BpeTrainer(
        vocab_size=420,
        special_tokens=["<|endoftext|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    ),
)
(here / "tokenizer.json").write_text(tokenizer.to_str(pretty=False) + "\n")
records = [{"text": text, "ids": tokenizer.encode(text).ids} for text in texts]
for record in records:
    record["decoded"] = tokenizer.decode(record["ids"], skip_special_tokens=False)
(here / "encodings.json").write_text(json.dumps(records) + "\n")
print(f"{len(records)} texts, {tokenizer.get_vocab_size()} tokens")
