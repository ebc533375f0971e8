"""Tests answering: the engine, its prompts and sampling, batches, and the validation questions of a trained student."""

import json
import sys
import tempfile
import types
import unittest
from pathlib import Path
from unittest import mock

from stat_trainer import generate
from stat_trainer.spec import SpecError
from tests.jobs import events, make, rows, run


class StandInVllm(types.ModuleType):
    """Replaces vLLM, which needs a GPU, at its documented interface and records its arguments."""

    def __init__(self):
        super().__init__("vllm")
        self.options, self.requests = {}, []
        outer = self

        class LLM:
            def __init__(self, **options):
                outer.options = options

            def generate(self, prompts, sampling, use_tqdm=True, lora_request=None):
                outer.requests.append((prompts, sampling, lora_request))
                return [
                    types.SimpleNamespace(
                        outputs=[
                            types.SimpleNamespace(text=f"answer {index}", finish_reason=("stop", "length")[index % 2])
                            for index in range(one.n)
                        ]
                    )
                    for one in sampling
                ]

        class SamplingParams(types.SimpleNamespace):
            pass

        self.LLM, self.SamplingParams = LLM, SamplingParams


def lora_module():
    module = types.ModuleType("vllm.lora.request")
    module.LoRARequest = lambda name, number, path: (name, number, path)
    return module


class Engines(unittest.TestCase):
    def test_vllm_is_chosen_if_it_is_installed_and_there_is_a_gpu(self):
        for installed, gpu, requested, chosen in [
            (True, True, "auto", "vllm"),
            (True, False, "auto", "transformers"),
            (False, True, "auto", "transformers"),
            (True, True, "transformers", "transformers"),
            (True, False, "vllm", "vllm"),
        ]:
            with (
                self.subTest(installed=installed, gpu=gpu, requested=requested),
                mock.patch.object(generate, "has", return_value=installed),
                mock.patch("torch.cuda.is_available", return_value=gpu),
            ):
                self.assertEqual(generate.choose_engine(requested), chosen)
        with self.assertRaises(SpecError):
            generate.choose_engine("vllm")

    def test_a_missing_vllm_makes_the_spec_invalid_before_anything_is_loaded(self):
        folder = make("generate", rows(2), {"engine": "vllm", "samples": 1})
        self.assertEqual(run(folder), 2)
        self.assertIn(
            "settings.engine: vllm is requested, but it is not installed",
            json.loads((folder / "exit.json").read_text())["message"],
        )

    def test_vllm_gets_the_same_prompts_the_same_sampling_and_the_adapter(self):
        home = Path(tempfile.mkdtemp(prefix="stat-vllm-"))
        (home / "adapter_config.json").write_text('{"r": 24}')
        first = make("generate", rows(3), {"samples": 1, "max_new_tokens": 2})
        self.assertEqual(run(first), 0)  # leaves a tiny model to name
        vllm = StandInVllm()
        with (
            mock.patch.dict(
                sys.modules,
                {"vllm": vllm, "vllm.lora": types.ModuleType("vllm.lora"), "vllm.lora.request": lora_module()},
            ),
            mock.patch.object(generate, "has", lambda _: True),
        ):
            folder = make(
                "generate",
                rows(3),
                {"engine": "vllm", "samples": 2, "temperature": 0.7, "top_p": 0.9, "max_new_tokens": 5, "seed": 4},
                {"name": str(first / "tiny"), "adapter": str(home)},
                {"kind": "chat", "system": None, "instruction": "Box it."},
            )
            self.assertEqual(run(folder), 0)
        self.assertEqual(
            (vllm.options["model"], vllm.options["max_lora_rank"], vllm.options["seed"]), (str(first / "tiny"), 32, 4)
        )
        [(prompts, sampling, lora)] = vllm.requests
        from transformers import AutoTokenizer

        text = AutoTokenizer.from_pretrained(str(first / "tiny")).decode(prompts[0]["prompt_token_ids"])
        self.assertEqual(text, f"<|user|>\n{rows(3)[0]['question']}\nBox it.<|end|>\n<|assistant|>\n")
        self.assertEqual(
            [(one.n, one.temperature, one.top_p, one.max_tokens) for one in sampling], [(2, 0.7, 0.9, 5)] * 3
        )
        self.assertEqual(len({one.seed for one in sampling}), 3)
        tokenizer = AutoTokenizer.from_pretrained(str(first / "tiny"))
        self.assertEqual([one.stop_token_ids for one in sampling], [[tokenizer.eos_token_id]] * 3)
        self.assertEqual(lora, ("student", 1, str(home)))
        self.assertEqual(
            [json.loads(line)["responses"] for line in (folder / "out" / "answers.jsonl").read_text().splitlines()],
            [["answer 0", "answer 1"]] * 3,
        )
        self.assertEqual(
            [
                json.loads(line)["finish_reasons"]
                for line in (folder / "out" / "answers.jsonl").read_text().splitlines()
            ],
            [["stop", "length"]] * 3,
        )
        self.assertEqual(next(event["engine"] for event in events(folder) if event["kind"] == "start"), "vllm")


WORDS = "one two three four five six seven eight nine ten eleven".split()


def counting():
    """Returns questions whose prompts and answers have many different lengths."""
    return [
        {
            "question": f"Count to {n}." + " Please." * (n * 5 % 17),
            "solution": f"{' '.join(WORDS[:n])}. $\\boxed{{{n}}}$",
        }
        for n in range(1, 12)
    ]


def answers_of(folder):
    return [json.loads(line)["responses"] for line in (folder / "out" / "answers.jsonl").read_text().splitlines()]


def steps_of(folder):
    return [event["step"] for event in events(folder) if event["kind"] == "step"]


class Batches(unittest.TestCase):
    """Tests what batches must not change. The student is trained, so that its answers end at different lengths."""

    @classmethod
    def setUpClass(cls):
        trained = make(
            "sft",
            counting(),
            {"method": "full", "epochs": 60, "batch": 11, "accumulation": 1, "lr": 6e-3, "warmup": 0.1},
        )
        assert run(trained) == 0
        cls.model = {"name": str(trained / "out" / "model")}

    def made(self, settings, data=None, template=None):
        folder = make("generate", data or counting(), {"max_new_tokens": 48, **settings}, self.model, template)
        self.assertEqual(run(folder), 0)
        return folder

    def one_at_a_time(self, data):
        """The reference is transformers' own greedy search, one prompt at a time and without padding."""
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer

        tokenizer = AutoTokenizer.from_pretrained(self.model["name"])
        model = AutoModelForCausalLM.from_pretrained(self.model["name"]).eval()
        texts = []
        for row in data:
            prompt = tokenizer(
                f"<|user|>\n{row['question']}<|end|>\n<|assistant|>\n", return_tensors="pt", add_special_tokens=False
            )
            with torch.inference_mode():
                made = model.generate(
                    input_ids=prompt["input_ids"],
                    attention_mask=prompt["attention_mask"],
                    do_sample=False,
                    max_new_tokens=48,
                )
            texts.append(tokenizer.decode(made[0, prompt["input_ids"].shape[1] :], skip_special_tokens=True))
        return texts

    def test_greedy_answers_equal_those_of_one_question_at_a_time(self):
        expected = self.one_at_a_time(counting())
        self.assertGreater(len({len(text) for text in expected}), 3, "answers of different lengths")
        self.assertTrue(
            any("boxed" in text and text.endswith("}$") for text in expected), "answers that end by themselves"
        )
        for batch in (1, 4, 64):
            with self.subTest(batch=batch):
                self.assertEqual(
                    answers_of(self.made({"temperature": 0, "samples": 2, "batch": batch})),
                    [[text, text] for text in expected],
                )

    def test_an_answer_cut_off_by_the_token_limit_is_marked(self):
        for batch in (1, 64):
            with self.subTest(batch=batch):
                folder = self.made({"temperature": 0, "samples": 2, "batch": batch, "max_new_tokens": 12})
                lines = [json.loads(line) for line in (folder / "out" / "answers.jsonl").read_text().splitlines()]
                for line, text in zip(lines, self.one_at_a_time(counting()), strict=True):
                    (reason,) = set(line["finish_reasons"])
                    # A complete answer that leaves no room for its end token also counts as cut off.
                    self.assertIn(reason, ("stop", "length") if line["responses"][0] == text else ("length",))
                self.assertEqual(len({line["finish_reasons"][0] for line in lines}), 2, "some of both")

    def test_an_answer_is_drawn_with_its_own_seed_whatever_is_in_its_batch(self):
        drawn = [
            answers_of(self.made({"temperature": 2.0, "top_p": 0.95, "samples": 3, "batch": batch, "seed": 5}))
            for batch in (1, 2, 7, 64)
        ]
        for other in drawn[1:]:
            self.assertEqual(other, drawn[0])
        self.assertGreater(len({text for responses in drawn[0] for text in responses}), 20)
        self.assertNotEqual(
            drawn[0], answers_of(self.made({"temperature": 2.0, "top_p": 0.95, "samples": 3, "seed": 6}))
        )

    def test_an_interrupted_run_resumes_at_the_first_unanswered_question(self):
        folder = self.made({"temperature": 1.0, "samples": 3, "batch": 4})
        self.assertEqual(steps_of(folder), [1, 2, 4, 5, 6, 8, 9, 10, 11])
        target = folder / "out" / "answers.jsonl"
        whole = target.read_bytes()
        target.write_bytes(b"".join(whole.splitlines(keepends=True)[:5]) + b'{"question": "torn')
        (folder / "events.jsonl").unlink()
        self.assertEqual(run(folder), 0)
        self.assertEqual(target.read_bytes(), whole)
        self.assertEqual(steps_of(folder), [6, 7, 9, 10, 11])

    def test_a_batch_too_large_for_memory_is_halved_until_it_fits(self):
        import torch
        from transformers import LlamaForCausalLM

        expected = answers_of(self.made({"temperature": 1.0, "samples": 2}))
        inner, sizes = LlamaForCausalLM.generate, []

        def short_of_memory(model, input_ids, **more):
            sizes.append(len(input_ids))
            if len(input_ids) > 3:
                torch.empty(1 << 62, dtype=torch.int8)  # the allocator's own refusal
            return inner(model, input_ids=input_ids, **more)

        with mock.patch.object(LlamaForCausalLM, "generate", short_of_memory):
            folder = self.made({"temperature": 1.0, "samples": 2, "batch": 9})
        self.assertEqual(answers_of(folder), expected)
        self.assertEqual(sizes, [9, 4, *[2] * 11])
        self.assertEqual(
            [event["text"] for event in events(folder) if event["kind"] == "note"],
            [
                "a batch of 9 does not fit into memory: 4 at a time from now on",
                "a batch of 4 does not fit into memory: 2 at a time from now on",
            ],
        )

    def test_one_answer_too_large_for_memory_fails_the_job_with_advice(self):
        import torch
        from transformers import LlamaForCausalLM

        def full(*_, **__):
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB")

        folder = make("generate", rows(2), {"samples": 1, "batch": 2}, self.model)
        with mock.patch.object(LlamaForCausalLM, "generate", full):
            self.assertEqual(run(folder), 1)
        self.assertIn(
            "out of memory: lower settings.max_new_tokens", json.loads((folder / "exit.json").read_text())["message"]
        )

    def test_an_answer_ends_when_the_template_closes_a_turn_whatever_the_models_own_end_token(self):
        from transformers import AutoModelForCausalLM, AutoTokenizer

        home = Path(tempfile.mkdtemp(prefix="stat-base-"))
        tokenizer = AutoTokenizer.from_pretrained(self.model["name"])
        model = AutoModelForCausalLM.from_pretrained(self.model["name"])
        # As in a base model, its own end-of-text token is not the one that closes a turn.
        model.generation_config.eos_token_id = model.config.eos_token_id = tokenizer.convert_tokens_to_ids("<|system|>")
        tokenizer.eos_token = "<|system|>"
        model.save_pretrained(home)
        tokenizer.save_pretrained(home)
        folder = make(
            "generate", counting(), {"temperature": 0, "samples": 1, "max_new_tokens": 48}, {"name": str(home)}
        )
        self.assertEqual(run(folder), 0)
        self.assertEqual([text for [text] in answers_of(folder)], self.one_at_a_time(counting()))
        # Training stores both end tokens for whatever serves the model; GRPO's completions also end there.
        closing, own = tokenizer.convert_tokens_to_ids(["<|end|>", "<|system|>"])
        trained = make("sft", counting(), {"method": "full", "max_steps": 1}, {"name": str(home)})
        self.assertEqual(run(trained), 0)
        self.assertEqual(
            set(json.loads((trained / "out" / "model" / "generation_config.json").read_text())["eos_token_id"]),
            {closing, own},
        )
        from trl import GRPOTrainer

        seen, inner = [], GRPOTrainer.train
        with mock.patch.object(
            GRPOTrainer,
            "train",
            lambda trainer, **more: seen.append(set(trainer.eos_token_ids)) or inner(trainer, **more),
        ):
            rewarded = make(
                "grpo",
                [{**row, "gold": "1"} for row in counting()],
                {"questions": 2, "mini_batch": 2, "rollouts": 2, "max_completion": 4, "max_steps": 1, "method": "lora"},
                {"name": str(home)},
            )
            self.assertEqual(run(rewarded), 0)
        self.assertEqual(seen, [{closing, own}])

    def test_a_short_context_is_logged_or_refused_before_anything_is_generated(self):
        data = [*rows(2), {"question": "word " * 800}]
        folder = make("generate", data, {"temperature": 0, "samples": 1, "max_new_tokens": 4000}, self.model)
        from transformers import LlamaForCausalLM

        with mock.patch.object(LlamaForCausalLM, "generate", side_effect=KeyboardInterrupt):
            run(folder)
        notes = [event["text"] for event in events(folder) if event["kind"] == "note"]
        self.assertEqual(len(notes), 1, notes)
        self.assertRegex(
            notes[0],
            r"answers end after \d+ tokens, not 4000: this student reads 4096, and the longest question takes \d+",
        )
        folder = make("generate", [{"question": "word " * 9000}], {"samples": 1}, self.model)
        self.assertEqual(run(folder), 2)
        self.assertIn("this student reads 4096", json.loads((folder / "exit.json").read_text())["message"])


class Drawing(unittest.TestCase):
    def test_tokens_are_drawn_with_the_probabilities_of_temperature_and_top_p(self):
        import torch

        from stat_trainer.draws import Draws

        many, scores = 20_000, torch.tensor([2.0, 1.0, 0.0, -1.0, -torch.inf])
        for temperature, top_p in [(1.0, 1.0), (0.5, 1.0), (1.0, 0.7)]:
            chances = torch.softmax(scores / temperature, -1)
            kept = chances.cumsum(-1) - chances < top_p
            chances = torch.where(kept, chances, 0.0) / chances[kept].sum()
            draw = Draws(range(many), 3, 2, temperature, top_p, "cpu")
            for step in range(2):
                taken = draw(torch.zeros(many, 3 + step, dtype=torch.long), scores.expand(many, -1)).argmax(-1)
                found = torch.bincount(taken, minlength=5) / many
                deviation = (chances * (1 - chances) / many).sqrt()
                self.assertTrue(((found - chances).abs() <= 4 * deviation).all(), (temperature, top_p, found, chances))


class Validation(unittest.TestCase):
    def test_validation_questions_are_answered_after_training_and_not_trained_on(self):
        data = [
            *rows(8),
            *(
                {"question": row["question"], "questionId": row["questionId"], "validation": True}
                for row in rows(3, seed=5)
            ),
        ]
        folder = make("sft", data, {"max_steps": 2, "method": "lora", "max_new_tokens": 4})
        self.assertEqual(run(folder), 0)
        log = events(folder)
        self.assertEqual(next(event["rows"] for event in log if event["kind"] == "xray"), 8)
        self.assertEqual([event["step"] for event in log if event["kind"] == "answered"], [3])
        answers = [json.loads(line) for line in (folder / "out" / "validation.jsonl").read_text().splitlines()]
        self.assertEqual([answer["question"] for answer in answers], [row["question"] for row in data[8:]])
        # If killed while answering, the job does not train again and answers only the remaining questions.
        whole = (folder / "out" / "validation.jsonl").read_bytes().splitlines(keepends=True)
        (folder / "out" / "validation.jsonl").write_bytes(whole[0] + whole[1][:9])
        (folder / "exit.json").unlink()
        self.assertEqual(run(folder), 0)
        again = events(folder)[len(log) :]
        self.assertEqual([event["kind"] for event in again if event["kind"] in ("step", "answered")], ["answered"])
        self.assertEqual((folder / "out" / "validation.jsonl").read_bytes(), b"".join(whole))


if __name__ == "__main__":
    unittest.main()
