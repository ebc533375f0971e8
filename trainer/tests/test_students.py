"""Tests that a student with a missing part is reported in one line, before anything is spent."""

import json
import shutil
import tempfile
import unittest
from pathlib import Path

from tests.jobs import events, make, rows, run


def reason(folder):
    return json.loads((folder / "exit.json").read_text())["message"]


class WhatAStudentLacks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        first = make("generate", rows(3), {"samples": 1, "max_new_tokens": 1})
        assert run(first) == 0
        cls.whole = first / "tiny"

    def without(self, *names):
        """The tiny student with a tokenizer that lacks some of its parts."""
        home = Path(tempfile.mkdtemp(prefix="stat-lacks-")) / "model"
        shutil.copytree(self.whole, home)
        config = json.loads((home / "tokenizer_config.json").read_text())
        for name in names:
            config.pop(name, None)
        (home / "tokenizer_config.json").write_text(json.dumps(config))
        if "chat_template" in names:
            (home / "chat_template.jinja").unlink()
        return str(home)

    def refused(self, recipe, settings, model, template=None):
        folder = make(recipe, rows(4), settings, model, template)
        self.assertEqual(run(folder), 2)
        self.assertEqual([event["kind"] for event in events(folder)], ["end"], "nothing began, so there is no trace")
        self.assertNotIn("\n", reason(folder))
        return reason(folder)

    def test_without_a_pad_token_the_end_token_pads_without_changing_answers(self):
        answers = []
        for model in (str(self.whole), self.without("pad_token")):
            folder = make("generate", rows(5), {"samples": 1, "temperature": 0, "max_new_tokens": 6}, {"name": model})
            self.assertEqual(run(folder), 0)
            answers.append((folder / "out" / "answers.jsonl").read_bytes())
        self.assertEqual(*answers)

    def test_a_tokenizer_without_a_pad_or_an_end_token_is_refused(self):
        for recipe, settings in [
            ("sft", {}),
            ("grpo", {"questions": 4, "mini_batch": 2}),
            ("generate", {}),
            ("score", {}),
        ]:
            with self.subTest(recipe=recipe):
                data = [{**row, "steps": ["one"]} for row in rows(4)]
                folder = make(recipe, data, settings, {"name": self.without("pad_token", "eos_token")})
                self.assertEqual(run(folder), 2)
                self.assertIn("neither a padding nor an end-of-text token", reason(folder))

    def test_without_an_end_token_a_plain_template_is_refused(self):
        self.assertIn(
            "the student would never learn to stop",
            self.refused("sft", {}, {"name": self.without("eos_token")}, {"kind": "plain"}),
        )

    def test_without_a_chat_template_a_chat_is_refused_and_plain_text_trains(self):
        model = {"name": self.without("chat_template")}
        self.assertIn("no chat template: use kind plain", self.refused("sft", {}, model))
        folder = make("sft", rows(4), {"max_steps": 1, "method": "lora"}, model, {"kind": "plain"})
        self.assertEqual(run(folder), 0)

    def test_a_chat_template_without_system_prompts_is_reported(self):
        model = Path(self.without("chat_template"))
        (model / "chat_template.jinja").write_text(
            "{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}"
            "{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}<|end|>{% endfor %}"
            "{% if add_generation_prompt %}<|assistant|>{% endif %}"
        )
        message = self.refused("sft", {}, {"name": str(model)}, {"kind": "chat", "system": "Be brief."})
        self.assertIn("chat template refuses the turns system, user: System role not supported", message)
        folder = make("sft", rows(4), {"max_steps": 1, "method": "lora"}, {"name": str(model)})
        self.assertEqual(run(folder), 0)

    def test_a_missing_model_or_adapter_is_named(self):
        self.assertRegex(
            self.refused("sft", {}, {"name": "/nowhere/at/all"}),
            "^model.name: /nowhere/at/all could not be loaded, as a folder of this host or from its cache",
        )
        self.assertRegex(
            self.refused("generate", {}, {"name": "no/such-model"}), "^model.name: no/such-model could not be loaded"
        )
        self.assertIn(
            "model.adapter: /nowhere holds no adapter_config.json",
            self.refused("generate", {}, {"name": str(self.whole), "adapter": "/nowhere"}),
        )

    def test_empty_data_is_refused_by_every_recipe(self):
        for recipe, message in [
            ("sft", "no pair to train on"),
            ("xray", "no pair to train on"),
            ("grpo", "no question to learn from"),
            ("generate", "no question to answer"),
            ("score", "no answer to score"),
        ]:
            with self.subTest(recipe=recipe):
                folder = make(recipe, [], {})
                self.assertEqual(run(folder), 2)
                self.assertEqual(reason(folder), f"data.jsonl: {message}")


if __name__ == "__main__":
    unittest.main()
