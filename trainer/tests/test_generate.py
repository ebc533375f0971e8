"""Answers: which engine makes them, what it is asked, and the validation questions a trained student answers."""

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
    """vLLM needs a GPU: this takes its place at its documented interface and keeps what it was given."""

    def __init__(self):
        super().__init__("vllm")
        self.made, self.asked = {}, []
        outer = self

        class LLM:
            def __init__(self, **options):
                outer.made = options

            def generate(self, prompts, sampling, use_tqdm=True, lora_request=None):
                outer.asked.append((prompts, sampling, lora_request))
                return [types.SimpleNamespace(outputs=[types.SimpleNamespace(text=f"answer {index}") for index in range(one.n)]) for one in sampling]

        class SamplingParams(types.SimpleNamespace):
            pass

        self.LLM, self.SamplingParams = LLM, SamplingParams


def lora_module():
    module = types.ModuleType("vllm.lora.request")
    module.LoRARequest = lambda name, number, path: (name, number, path)
    return module


class Engines(unittest.TestCase):
    def test_vllm_is_chosen_where_it_can_be_imported_and_a_gpu_is_there(self):
        for installed, gpu, wanted, chosen in [(True, True, "auto", "vllm"), (True, False, "auto", "transformers"), (False, True, "auto", "transformers"), (True, True, "transformers", "transformers"), (True, False, "vllm", "vllm")]:
            with self.subTest(installed=installed, gpu=gpu, wanted=wanted), mock.patch.object(generate, "has", lambda _: installed), mock.patch("torch.cuda.is_available", lambda: gpu):
                self.assertEqual(generate.choose_engine(wanted), chosen)
        with self.assertRaises(SpecError):
            generate.choose_engine("vllm")

    def test_vllm_asked_for_in_vain_is_a_bad_spec_before_anything_is_loaded(self):
        folder = make("generate", rows(2), {"engine": "vllm", "samples": 1})
        self.assertEqual(run(folder), 2)
        self.assertIn("settings.engine: vllm is asked for, but it is not installed", json.loads((folder / "exit.json").read_text())["message"])

    def test_vllm_is_asked_the_same_prompts_with_the_same_sampling_and_the_adapter(self):
        home = Path(tempfile.mkdtemp(prefix="stat-vllm-"))
        (home / "adapter_config.json").write_text('{"r": 24}')
        first = make("generate", rows(3), {"samples": 1, "max_new_tokens": 2})
        self.assertEqual(run(first), 0)  # leaves a tiny model to name
        vllm = StandInVllm()
        with mock.patch.dict(sys.modules, {"vllm": vllm, "vllm.lora": types.ModuleType("vllm.lora"), "vllm.lora.request": lora_module()}), mock.patch.object(generate, "has", lambda _: True):
            folder = make("generate", rows(3), {"engine": "vllm", "samples": 2, "temperature": 0.7, "top_p": 0.9, "max_new_tokens": 5, "seed": 4}, {"name": str(first / "tiny"), "adapter": str(home)}, {"kind": "chat", "system": None, "instruction": "Box it."})
            self.assertEqual(run(folder), 0)
        self.assertEqual((vllm.made["model"], vllm.made["max_lora_rank"], vllm.made["seed"]), (str(first / "tiny"), 32, 4))
        [(prompts, sampling, lora)] = vllm.asked
        from transformers import AutoTokenizer

        text = AutoTokenizer.from_pretrained(str(first / "tiny")).decode(prompts[0]["prompt_token_ids"])
        self.assertEqual(text, f"<|user|>\n{rows(3)[0]['question']}\nBox it.<|end|>\n<|assistant|>\n")
        self.assertEqual([(one.n, one.temperature, one.top_p, one.max_tokens) for one in sampling], [(2, 0.7, 0.9, 5)] * 3)
        self.assertEqual(len({one.seed for one in sampling}), 3)
        self.assertEqual(lora, ("student", 1, str(home)))
        self.assertEqual([json.loads(line)["responses"] for line in (folder / "out" / "answers.jsonl").read_text().splitlines()], [["answer 0", "answer 1"]] * 3)
        self.assertEqual(next(event["engine"] for event in events(folder) if event["kind"] == "start"), "vllm")


class Validation(unittest.TestCase):
    def test_a_trained_student_answers_the_validation_questions_which_teach_it_nothing(self):
        data = [*rows(8), *({"question": row["question"], "questionId": row["questionId"], "validation": True} for row in rows(3, seed=5))]
        folder = make("sft", data, {"max_steps": 2, "method": "lora", "max_new_tokens": 4})
        self.assertEqual(run(folder), 0)
        log = events(folder)
        self.assertEqual(next(event["rows"] for event in log if event["kind"] == "xray"), 8)
        self.assertEqual([event["step"] for event in log if event["kind"] == "answered"], [1, 2, 3])
        answers = [json.loads(line) for line in (folder / "out" / "validation.jsonl").read_text().splitlines()]
        self.assertEqual([answer["question"] for answer in answers], [row["question"] for row in data[8:]])
        # Killed while it answered: it trains no more, and asks the rest only.
        kept = (folder / "out" / "validation.jsonl").read_bytes().splitlines(keepends=True)
        (folder / "out" / "validation.jsonl").write_bytes(kept[0] + kept[1][:9])
        (folder / "exit.json").unlink()
        self.assertEqual(run(folder), 0)
        again = events(folder)[len(log):]
        self.assertEqual([event["kind"] for event in again if event["kind"] in ("step", "answered")], ["answered", "answered"])
        self.assertEqual((folder / "out" / "validation.jsonl").read_bytes(), b"".join(kept))


if __name__ == "__main__":
    unittest.main()
