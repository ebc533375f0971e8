"""Computes process rewards for the same answers from one padded pass per batch (ours) and from one pass per step (the
predecessor's way), on a model created from a configuration. Prints JSON lines, from which bench/rewards.ts makes the
table.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "trainer"))

import torch

from stat_trainer.score import BAD, GOOD, _single, rlhflow_messages, rlhflow_scores
from stat_trainer.spec import Model
from stat_trainer.students import load
from stat_trainer.tiny import make_tiny

torch.set_num_threads(1)


def one_at_a_time(model, tokenizer, question, steps):
    scores = []
    signs = [_single(tokenizer, GOOD), _single(tokenizer, BAD)]
    for index in range(len(steps)):
        encoded = tokenizer.apply_chat_template(
            rlhflow_messages(question, steps)[: 2 * index + 1], tokenize=True, add_generation_prompt=True
        )
        ids = list(encoded["input_ids"]) if hasattr(encoded, "keys") else list(encoded)
        with torch.inference_mode():
            logits = model(input_ids=torch.tensor([ids])).logits[0, -1]
        scores.append(float(torch.softmax(logits[signs].float(), dim=-1)[0]))
    return scores


for count in (4, 8, 16):
    answers = [
        (
            f"What is ${n}+{n}$?",
            [f"Step {k}: we add {n} and {k} and look at what comes of it before we go on." for k in range(count)],
        )
        for n in range(8)
    ]
    home = Path(tempfile.mkdtemp(prefix="stat-prm-"))
    make_tiny(home, [text for question, steps in answers for text in (question, *steps)] + [GOOD, BAD], seed=1)
    from transformers import LlamaConfig, LlamaForCausalLM

    config = LlamaConfig.from_pretrained(home)
    config.update(
        {
            "hidden_size": 512,
            "intermediate_size": 1376,
            "num_hidden_layers": 6,
            "num_attention_heads": 8,
            "num_key_value_heads": 8,
            "head_dim": 64,
        }
    )
    torch.manual_seed(0)
    LlamaForCausalLM(config).save_pretrained(home)
    student = load(Model(name=str(home)), str(home), "none")
    model, tokenizer = student.model.eval(), student.tokenizer
    rlhflow_scores(model, tokenizer, answers[:1])
    began = time.perf_counter()
    ours = rlhflow_scores(model, tokenizer, answers)
    passes = time.perf_counter() - began
    began = time.perf_counter()
    theirs = [one_at_a_time(model, tokenizer, *answer) for answer in answers]
    apart = time.perf_counter() - began
    worst = max(abs(a - b) for left, right in zip(ours, theirs) for a, b in zip(left, right))
    print(
        json.dumps({"steps": count, "answers": len(answers), "ours": passes, "apart": apart, "worst": worst}),
        flush=True,
    )
