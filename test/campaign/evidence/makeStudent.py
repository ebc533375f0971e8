"""Creates a student before any training: a small GPT of the Llama architecture with random weights, and a tokenizer
with the world's words and one token per digit. python makeStudent.py FOLDER SEED WIDTH LAYERS
"""

import re
import sys
import time
from pathlib import Path

import torch
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

INSTRUCTION = "\nPlease reason step by step, and put your final answer within \\boxed{}."
WORDS = [
    INSTRUCTION,
    "<answer>",
    "The dial shows ",
    "x and x",
    ", then ",
    "add ",
    "take ",
    "double",
    "halve",
    "round",
    "gap",
    "sum",
    "swap",
    "flip",
    "times ",
    "copy",
    "x = ",
    " + ",
    " - ",
    " * ",
    " = ",
    "\n\n",
    "The answer is \\boxed{",
    "}",
    ".",
    " ",
    "Next, ",
    "Then ",
    "We get ",
    *"0123456789",
]
CHAT = "{% for message in messages %}{{ message['content'] }}{% if message['role'] == 'user' %}<answer>{% else %}<end>{% endif %}{% endfor %}"


def main(folder: str, seed: int, width: int, layers: int) -> None:
    vocabulary = ["<pad>", "<end>", "<unknown>", *WORDS]
    words = Tokenizer(models.WordLevel({word: place for place, word in enumerate(vocabulary)}, unk_token="<unknown>"))
    words.pre_tokenizer = pre_tokenizers.Split(
        Regex("|".join(re.escape(word) for word in sorted(WORDS, key=len, reverse=True))), "isolated"
    )
    words.decoder = decoders.Fuse()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=words, pad_token="<pad>", eos_token="<end>", unk_token="<unknown>"
    )
    tokenizer.chat_template = CHAT
    torch.manual_seed(seed)
    model = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(vocabulary),
            hidden_size=width,
            intermediate_size=3 * width,
            num_hidden_layers=layers,
            num_attention_heads=4,
            num_key_value_heads=4,
            max_position_embeddings=256,
            pad_token_id=0,
            eos_token_id=1,
            bos_token_id=None,
            tie_word_embeddings=True,
        )
    )
    Path(folder).mkdir(parents=True, exist_ok=True)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


if __name__ == "__main__":
    torch.set_num_threads(1)
    main(sys.argv[1], *(int(word) for word in sys.argv[2:5]))
    print(time.process_time())
