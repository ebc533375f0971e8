"""Tests that process rewards from one pass per answer equal those from one pass per step."""

import json
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import torch

from stat_trainer.score import BAD, GOOD, _single, rlhflow_messages, rlhflow_scores
from stat_trainer.spec import Model
from stat_trainer.students import load
from stat_trainer.tiny import make_tiny
from tests.jobs import events, make, run

ANSWERS = [
    ("What is $12+30$?", ["First the tens: $10+30=40$.", "Then the ones: $40+2=42$.", "So it is $\\boxed{42}$."]),
    ("What is $2\\cdot 3$?", ["It is $\\boxed{6}$."]),
    ("Solve $x+1=5$.", [f"Step {n}: we continue." for n in range(9)]),
]


def one_at_a_time(model, tokenizer, question, steps):
    """The reference is one forward pass per step, over the prefix only, without padding."""
    scores = []
    for index in range(len(steps)):
        messages = rlhflow_messages(question, steps)[: 2 * index + 1]
        encoded = tokenizer.apply_chat_template(messages, tokenize=True, add_generation_prompt=True)
        ids = list(encoded["input_ids"]) if hasattr(encoded, "keys") else list(encoded)
        with torch.inference_mode():
            logits = model(input_ids=torch.tensor([ids])).logits[0, -1]
        scores.append(
            float(torch.softmax(logits[[_single(tokenizer, GOOD), _single(tokenizer, BAD)]].float(), dim=-1)[0])
        )
    return scores


class Scores(unittest.TestCase):
    def setUp(self):
        home = Path(tempfile.mkdtemp(prefix="stat-prm-"))
        make_tiny(home, [text for question, steps in ANSWERS for text in (question, *steps)] + [GOOD, BAD], seed=3)
        student = load(Model(name=str(home)), str(home), "none")
        self.model, self.tokenizer = student.model.eval(), student.tokenizer

    def test_batched_scores_equal_those_of_one_step_at_a_time(self):
        batched = rlhflow_scores(self.model, self.tokenizer, ANSWERS)
        for (question, steps), scores in zip(ANSWERS, batched, strict=True):
            self.assertEqual(len(scores), len(steps))
            reference = one_at_a_time(self.model, self.tokenizer, question, steps)
            for ours, theirs in zip(scores, reference, strict=True):
                self.assertAlmostEqual(ours, theirs, delta=1e-4)

    def test_a_batch_too_large_for_memory_is_halved_and_scores_the_same(self):
        from transformers import LlamaForCausalLM

        data = [{"question": question, "steps": steps} for question, steps in ANSWERS]
        first = make("score", data, {"batch": 3})
        self.assertEqual(run(first), 0)
        inner = LlamaForCausalLM.forward

        def short_of_memory(model, input_ids, **more):
            if len(input_ids) > 1:
                torch.empty(1 << 62, dtype=torch.int8)  # the allocator's own refusal
            return inner(model, input_ids=input_ids, **more)

        folder = make("score", data, {"batch": 3})
        with mock.patch.object(LlamaForCausalLM, "forward", short_of_memory):
            self.assertEqual(run(folder), 0)
        self.assertEqual(
            [event["text"] for event in events(folder) if event["kind"] == "note"],
            ["a batch of 3 does not fit into memory: 1 at a time from now on"],
        )
        self.assertEqual([event["step"] for event in events(folder) if event["kind"] == "step"], [1, 2, 3])
        scores = [
            [json.loads(line)["step_scores"] for line in (one / "out" / "scores.jsonl").read_text().splitlines()]
            for one in (first, folder)
        ]
        for left, right in zip(*scores, strict=True):
            for ours, theirs in zip(left, right, strict=True):
                self.assertAlmostEqual(ours, theirs, delta=1e-4)

    def test_a_job_scores_every_row_but_those_over_the_length_limit(self):
        data = [
            {"question": question, "steps": steps, "answer": index} for index, (question, steps) in enumerate(ANSWERS)
        ] + [{"question": "long", "steps": ["word " * 5000]}]
        folder = make("score", data, {"batch": 2})
        self.assertEqual(run(folder), 0)
        out = [json.loads(line) for line in (folder / "out" / "scores.jsonl").read_text().splitlines()]
        self.assertEqual([len(row["step_scores"]) if row["step_scores"] else None for row in out], [3, 1, 9, None])
        self.assertEqual([row.get("answer") for row in out], [0, 1, 2, None])
        self.assertTrue(all(0 <= score <= 1 for row in out if row["step_scores"] for score in row["step_scores"]))


if __name__ == "__main__":
    unittest.main()
