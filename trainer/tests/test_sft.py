"""Tests the recipe: it is read back from the running trainer and compared with a loop written by hand."""

import json
import math
import os
import signal
import subprocess
import sys
import time
import unittest
from pathlib import Path

import torch

from stat_trainer.events import Events
from stat_trainer.sft import build_trainer
from stat_trainer.spec import read_spec
from tests.jobs import events, make, rows, run


def trainer_of(settings, data=None, template=None):
    folder = make("sft", data or rows(), settings, template=template)
    log = Events(folder)
    trainer = build_trainer(folder, read_spec(folder), log)
    log.close()
    return trainer, folder


class TheRecipe(unittest.TestCase):
    def test_the_recipe_read_back_from_the_trainer_is_that_of_the_paper(self):
        trainer, _ = trainer_of({})
        arguments = trainer.args
        self.assertEqual(arguments.per_device_train_batch_size * arguments.gradient_accumulation_steps, 8)
        self.assertEqual((arguments.num_train_epochs, arguments.max_grad_norm, arguments.weight_decay), (3.0, 0.3, 0.1))
        self.assertEqual(
            str(
                arguments.lr_scheduler_type.value
                if hasattr(arguments.lr_scheduler_type, "value")
                else arguments.lr_scheduler_type
            ),
            "cosine",
        )
        self.assertEqual(arguments.train_sampling_strategy, "group_by_length")
        lora = trainer.model.peft_config["default"]
        self.assertEqual((lora.r, lora.lora_alpha, lora.lora_dropout), (16, 32, 0.05))
        self.assertEqual(
            set(lora.target_modules), {"q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"}
        )
        adapted = {
            name.split(".")[-4] for name, parameter in trainer.model.named_parameters() if parameter.requires_grad
        }
        self.assertEqual(adapted, set(lora.target_modules))

    def test_the_recipe_in_effect_is_logged(self):
        folder = make("sft", rows(), {"max_steps": 2, "lr": 1e-4})
        self.assertEqual(run(folder), 0)
        force = next(event for event in events(folder) if event["kind"] == "recipe")
        expected = {
            "effective_batch": 8,
            "batch": 2,
            "accumulation": 4,
            "processes": 1,
            "steps": 2,
            "schedule": "cosine",
            "peak_lr": 1e-4,
            "weight_decay": 0.1,
            "clip": 0.3,
            "rank": 16,
            "alpha": 32,
            "dropout": 0.05,
            "target_modules": sorted(["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]),
        }
        self.assertEqual({name: force[name] for name in expected}, expected)
        self.assertEqual(force["optimizer"], "AdamW")

    def test_the_learning_rate_warms_up_for_3_percent_then_follows_a_cosine(self):
        trainer, _ = trainer_of({"batch": 1, "accumulation": 1, "epochs": 5}, rows(20))
        total = 100
        trainer.create_optimizer_and_scheduler(total)
        self.assertEqual(trainer.args.get_warmup_steps(total), 3)
        rates = []
        for _ in range(total):
            rates.append(trainer.lr_scheduler.get_last_lr()[0])
            trainer.optimizer.step()
            trainer.lr_scheduler.step()
        peak = trainer.args.learning_rate
        self.assertAlmostEqual(rates[3], peak)
        for step in (1, 2):
            self.assertAlmostEqual(rates[step], peak * step / 3)
        for step in (10, 50, 99):
            self.assertAlmostEqual(rates[step], peak * 0.5 * (1 + math.cos(math.pi * (step - 3) / 97)))

    def test_the_mask_covers_the_prompt_and_nothing_else(self):
        data = [{"question": "What is $1+1$?", "solution": "It is $\\boxed{2}$."}] * 4 + rows(8)
        trainer, folder = trainer_of({}, data, {"kind": "chat", "system": "Be brief.", "instruction": "Box it."})
        tokenizer = trainer.processing_class
        prompt = "<|system|>\nBe brief.<|end|>\n<|user|>\nWhat is $1+1$?\nBox it.<|end|>\n<|assistant|>\n"
        answer = "It is $\\boxed{2}$.<|end|>\n"
        row = trainer.train_dataset[0]
        head = tokenizer(prompt, add_special_tokens=False)["input_ids"]
        tail = tokenizer(answer, add_special_tokens=False)["input_ids"]
        self.assertEqual(row["input_ids"], head + tail)
        self.assertEqual(row["labels"], [-100] * len(head) + tail)
        self.assertEqual(tokenizer.decode(row["input_ids"]), prompt + answer)
        seen = next(event for event in events(folder) if event["kind"] == "xray")
        self.assertEqual(
            seen["supervised"], sum(label != -100 for one in trainer.train_dataset["labels"] for label in one)
        )

    def test_ten_steps_equal_a_loop_written_by_hand(self):
        settings = {
            "method": "full",
            "batch": 2,
            "accumulation": 4,
            "group_by_length": False,
            "lr": 1e-3,
            "max_steps": 10,
            "warmup": 0.2,
            "seed": 7,
        }
        folder = make("sft", rows(32), settings)
        order = []
        log = Events(folder)
        trainer = build_trainer(folder, read_spec(folder), log)
        inner = trainer.data_collator
        trainer.data_collator = lambda batch: order.append(batch) or inner(batch)
        reference = type(trainer.model)(trainer.model.config)
        reference.load_state_dict(trainer.model.state_dict())
        trainer.train()
        log.close()
        theirs = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
        self.assertEqual(len(theirs), 10)

        decay = [
            p for name, p in reference.named_parameters() if "norm" not in name.lower() and not name.endswith("bias")
        ]
        rest = [p for name, p in reference.named_parameters() if "norm" in name.lower() or name.endswith("bias")]
        optimizer = torch.optim.AdamW(
            [{"params": decay, "weight_decay": 0.1}, {"params": rest, "weight_decay": 0.0}],
            lr=1e-3,
            betas=(0.9, 0.999),
            eps=1e-8,
        )
        ours = []
        for step in range(10):
            group = order[step * 4 : step * 4 + 4]
            for parameters in optimizer.param_groups:
                parameters["lr"] = 1e-3 * (step / 2 if step < 2 else 0.5 * (1 + math.cos(math.pi * (step - 2) / 8)))
            # One mean over all supervised tokens of the whole effective batch, whichever micro-batch they are in.
            tokens = sum(label != -100 for batch in group for row in batch for label in row["labels"][1:])
            total = 0.0
            optimizer.zero_grad()
            for batch in group:
                for row in batch:
                    ids = torch.tensor([row["input_ids"]])
                    labels = torch.tensor([row["labels"]])
                    logits = reference(input_ids=ids).logits
                    loss = (
                        torch.nn.functional.cross_entropy(
                            logits[0, :-1].float(), labels[0, 1:], ignore_index=-100, reduction="sum"
                        )
                        / tokens
                    )
                    loss.backward()
                    total += float(loss.detach())
            torch.nn.utils.clip_grad_norm_(reference.parameters(), 0.3)
            optimizer.step()
            ours.append(total)
        for step, (left, right) in enumerate(zip(theirs, ours, strict=True)):
            self.assertAlmostEqual(left, right, delta=1e-4, msg=f"step {step}")
        self.assertLess(theirs[-1], theirs[0])


class AJob(unittest.TestCase):
    def test_a_job_leaves_an_adapter_that_loads_and_an_exit_file(self):
        folder = make("sft", rows(), {"epochs": 1, "method": "lora"})
        self.assertEqual(run(folder), 0)
        log = events(folder)
        self.assertEqual(
            [event["kind"] for event in log if event["kind"] in ("xray", "start", "end")], ["xray", "start", "end"]
        )
        self.assertEqual([event["step"] for event in log if event["kind"] == "step"], [1, 2, 3])
        self.assertEqual(json.loads((folder / "exit.json").read_text())["code"], 0)
        answers = make(
            "generate",
            rows(2),
            {"samples": 2, "max_new_tokens": 4},
            {"name": str(folder / "tiny"), "adapter": str(folder / "out" / "model")},
        )
        self.assertEqual(run(answers), 0)
        self.assertEqual(len((answers / "out" / "answers.jsonl").read_text().splitlines()), 2)

    def test_a_killed_job_resumes_from_its_checkpoint_without_a_gap(self):
        folder = make("sft", rows(64), {"epochs": 12, "method": "lora", "save_every": 4})
        command = [sys.executable, "-m", "stat_trainer", str(folder)]
        here = Path(__file__).resolve().parents[1]
        process = subprocess.Popen(command, cwd=here, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(1200):
            if (folder / "events.jsonl").exists() and sum(
                event["kind"] == "checkpoint" for event in _whole(folder)
            ) >= 2:
                break
            time.sleep(0.05)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        self.assertFalse((folder / "exit.json").exists(), "it ended before it could be killed")
        self.assertEqual(
            subprocess.run(command, cwd=here, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode, 0
        )
        log = _whole(folder)
        resumed = [event for event in log if event["kind"] == "resumed"]
        self.assertEqual(len(resumed), 1)
        self.assertGreaterEqual(resumed[0]["step"], 4)
        at = log.index(resumed[0])
        after = [event["step"] for event in log[at:] if event["kind"] == "step"]
        self.assertEqual(after, list(range(resumed[0]["step"] + 1, 97)))
        before = {event["step"]: event["loss"] for event in log[:at] if event["kind"] == "step"}
        again = {
            event["step"]: event["loss"] for event in log[at:] if event["kind"] == "step" and event["step"] in before
        }
        for step, loss in again.items():
            self.assertAlmostEqual(loss, before[step], places=4)

    def test_sigterm_cancels_a_job(self):
        folder = make("sft", rows(64), {"epochs": 1000, "method": "lora", "save_every": 100000})
        process = subprocess.Popen(
            [sys.executable, "-m", "stat_trainer", str(folder)],
            cwd=Path(__file__).resolve().parents[1],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(1200):
            if (folder / "events.jsonl").exists() and any(event["kind"] == "step" for event in _whole(folder)):
                break
            time.sleep(0.05)
        process.terminate()
        self.assertEqual(process.wait(timeout=20), 143)
        self.assertEqual(json.loads((folder / "exit.json").read_text())["code"], 143)

    def test_one_pair_trains(self):
        folder = make("sft", rows(1), {"epochs": 2, "method": "lora"})
        self.assertEqual(run(folder), 0)
        self.assertEqual([event["step"] for event in events(folder) if event["kind"] == "step"], [1, 2])

    def test_part_of_an_epoch_is_announced_with_its_number_of_steps(self):
        folder = make("sft", rows(24), {"epochs": 0.5, "method": "lora"})
        self.assertEqual(run(folder), 0)
        self.assertEqual([event["steps"] for event in events(folder) if event["kind"] in ("start", "recipe")], [2, 2])

    def test_a_loss_that_is_not_a_number_fails_the_job_and_leaves_the_last_good_checkpoint(self):
        folder = make("sft", rows(24), {"epochs": 4, "method": "full", "lr": 1e9, "warmup": 0.2, "save_every": 1})
        self.assertEqual(run(folder), 1)
        message = json.loads((folder / "exit.json").read_text())["message"]
        self.assertRegex(message, r"is no longer a number at step \d+, .* lower settings.lr \(here 1e\+09\)")
        log = events(folder)
        broken = int(message.split("at step ")[1].split(",")[0])
        self.assertEqual(max(event["step"] for event in log if event["kind"] == "checkpoint"), broken - 1)
        self.assertFalse((folder / "out" / "model").exists())

    def test_a_pair_without_a_solution_is_refused_before_anything_is_spent(self):
        folder = make("sft", [{"question": "q", "solution": ""}], {})
        self.assertEqual(run(folder), 2)
        self.assertIn("data.jsonl:1: solution", json.loads((folder / "exit.json").read_text())["message"])

    def test_pairs_over_the_length_limit_are_omitted_and_counted(self):
        data = rows(6) + [{"question": "long", "solution": "word " * 3000}]
        folder = make("xray", data, {"max_length": 200})
        self.assertEqual(run(folder), 0)
        seen = next(event for event in events(folder) if event["kind"] == "xray")
        self.assertEqual((seen["rows"], seen["too_long"]), (6, 1))


def _whole(folder):
    return [json.loads(line) for line in (folder / "events.jsonl").read_bytes().split(b"\n") if line.endswith(b"}")]


if __name__ == "__main__":
    unittest.main()
