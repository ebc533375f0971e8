"""Tests GRPO: the batch sizes of sec. C.1, read back, and advantages compared with a computation by hand."""

import json
import tempfile
import unittest
from pathlib import Path

import torch

from stat_trainer.grpo import correctness, training_arguments
from stat_trainer.spec import GrpoSettings
from tests.jobs import events, make, rows, run


class Grpo(unittest.TestCase):
    def test_batch_sizes_are_those_of_the_paper(self):
        arguments = training_arguments(GrpoSettings(), "cpu", "float32", False, Path(tempfile.mkdtemp()))
        per_update = arguments.per_device_train_batch_size * arguments.gradient_accumulation_steps
        self.assertEqual(per_update, 64 * 4)
        self.assertEqual(arguments.generation_batch_size, 256 * 4)
        self.assertEqual(arguments.generation_batch_size // per_update, 4)
        self.assertEqual(
            (
                arguments.beta,
                arguments.learning_rate,
                arguments.num_generations,
                arguments.max_completion_length,
                arguments.num_train_epochs,
            ),
            (0.0, 5e-7, 4, 2048, 6.0),
        )
        self.assertEqual(str(getattr(arguments.lr_scheduler_type, "value", arguments.lr_scheduler_type)), "constant")

    def test_the_reward_compares_final_answers(self):
        self.assertEqual(
            correctness(
                [
                    "so $\\boxed{\\frac{1}{2}}$",
                    [{"role": "assistant", "content": "the answer is $\\boxed{3}$"}],
                    "no idea",
                ],
                ["0.5", "4", "7"],
            ),
            [1.0, 0.0, 0.0],
        )

    def test_advantages_are_rewards_standardised_within_their_group(self):
        from datasets import Dataset
        from trl import GRPOConfig, GRPOTrainer

        from stat_trainer.spec import Model
        from stat_trainer.students import load
        from stat_trainer.tiny import make_tiny

        home = Path(tempfile.mkdtemp(prefix="stat-grpo-"))
        make_tiny(home, [row["question"] for row in rows()], 0)
        student = load(Model(name=str(home)), str(home), "none")
        rewards = [0.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0]
        seen = {}

        def fixed(completions, **_):
            return rewards[: len(completions)]

        trainer = GRPOTrainer(
            model=student.model,
            reward_funcs=fixed,
            processing_class=student.tokenizer,
            args=GRPOConfig(
                output_dir=str(home / "out"),
                per_device_train_batch_size=8,
                num_generations=4,
                max_completion_length=4,
                use_cpu=True,
                report_to=[],
                max_steps=1,
                logging_steps=1,
                disable_tqdm=True,
                save_strategy="no",
            ),
            train_dataset=Dataset.from_dict({"prompt": [row["question"] for row in rows(4)]}),
        )
        inner = trainer._generate_and_score_completions

        def spy(inputs):
            out = inner(inputs)
            seen["advantages"] = out["advantages"].clone()
            return out

        trainer._generate_and_score_completions = spy
        trainer.train()
        group = torch.tensor(rewards).view(2, 4)
        expected = ((group - group.mean(1, keepdim=True)) / (group.std(1, keepdim=True) + 1e-4)).flatten()
        # Each generation batch is shuffled as a whole, so compare sorted values.
        self.assertTrue(
            torch.allclose(seen["advantages"].float().sort().values, expected.sort().values, atol=1e-3),
            (seen["advantages"], expected),
        )

    def test_too_few_questions_are_refused_and_a_remainder_is_logged(self):
        settings = {"epochs": 1, "questions": 4, "mini_batch": 2, "rollouts": 2, "max_completion": 4, "method": "lora"}
        few = make("grpo", rows(3), settings)
        self.assertEqual(run(few), 2)
        self.assertIn(
            "settings.questions: a batch takes 4 different questions, and data.jsonl has 3",
            json.loads((few / "exit.json").read_text())["message"],
        )
        folder = make("grpo", rows(6), settings)
        self.assertEqual(run(folder), 0)
        self.assertIn(
            "every epoch omits 2 of 6 questions",
            next(event["text"] for event in events(folder) if event["kind"] == "note"),
        )
        self.assertEqual([event["step"] for event in events(folder) if event["kind"] == "step"], [1, 2])

    def test_questions_with_unreadable_gold_answers_are_omitted_and_counted(self):
        settings = {"epochs": 1, "questions": 2, "mini_batch": 2, "rollouts": 2, "max_completion": 4, "method": "lora"}
        folder = make("grpo", [*rows(2), {"question": "Prove it.", "gold": "$"}], settings)
        self.assertEqual(run(folder), 0)
        self.assertEqual(
            [event["text"] for event in events(folder) if event["kind"] == "note"][0],
            "1 of 3 questions are omitted: Math-Verify cannot read their gold answers, "
            "so no completion could be rewarded",
        )
        self.assertEqual(next(event["rows"] for event in events(folder) if event["kind"] == "start"), 2)
        none = make("grpo", [{"question": "Prove it.", "gold": "$"}], settings)
        self.assertEqual(run(none), 2)
        self.assertIn(
            "Math-Verify reads none of the 1 gold answers", json.loads((none / "exit.json").read_text())["message"]
        )

    def test_grpo_continues_from_an_sft_adapter(self):
        sft = make("sft", rows(), {"epochs": 1, "method": "lora"})
        self.assertEqual(run(sft), 0)
        folder = make(
            "grpo",
            rows(8),
            {
                "epochs": 1,
                "questions": 4,
                "mini_batch": 2,
                "rollouts": 2,
                "max_completion": 6,
                "max_steps": 2,
                "method": "lora",
            },
            {"name": str(sft / "tiny"), "adapter": str(sft / "out" / "model")},
        )
        self.assertEqual(run(folder), 0)
        self.assertEqual([event["step"] for event in events(folder) if event["kind"] == "step"], [1, 2])
        self.assertTrue((folder / "out" / "model" / "adapter_model.safetensors").exists())


if __name__ == "__main__":
    unittest.main()
