import unittest

from stat_trainer.schema import SCHEMA_FILE, schema_text
from stat_trainer.spec import SpecError, parse_spec

GOOD = {"version": 1, "recipe": "sft", "job": "j", "model": {"name": "tiny"}, "data": "data.jsonl"}


class TheSpec(unittest.TestCase):
    def test_defaults_are_those_of_the_paper(self):
        settings = parse_spec(GOOD).settings
        self.assertEqual(
            (settings.rank, settings.alpha, settings.dropout, settings.epochs, settings.batch * settings.accumulation),
            (16, 32, 0.05, 3.0, 8),
        )
        self.assertEqual(
            (settings.schedule, settings.warmup, settings.weight_decay, settings.clip, settings.method),
            ("cosine", 0.03, 0.1, 0.3, "qlora"),
        )
        grpo = parse_spec({**GOOD, "recipe": "grpo"}).settings
        self.assertEqual(
            (grpo.epochs, grpo.lr, grpo.questions, grpo.rollouts, grpo.mini_batch, grpo.max_completion),
            (6.0, 5e-7, 256, 4, 64, 2048),
        )

    def test_an_invalid_field_is_reported_with_the_expected_and_the_found_value(self):
        cases = [
            ({"settings": {"rank": "16"}}, 'settings.rank: expected int, found "16"'),
            ({"settings": {"rank": True}}, "settings.rank: expected int"),
            ({"settings": {"lr": 0}}, "settings.lr: expected more than 0"),
            ({"settings": {"lr": float("nan")}}, "settings.lr: expected float"),
            ({"settings": {"lr": 10**400}}, "settings.lr: expected float"),
            ({"settings": {"dropout": 1.5}}, "settings.dropout: expected 0 to 1"),
            ({"settings": {"seed": -1}}, "settings.seed: expected 0 to 4294967295, found -1"),
            ({"settings": {"validation_temperature": -0.1}}, "settings.validation_temperature: expected 0 or more"),
            ({"settings": {"ranks": 1}}, "settings.ranks: unknown"),
            ({"settings": {"method": "q"}}, "settings.method: expected one of"),
            ({"model": {}}, "model: missing"),
            ({"model": "tiny"}, "model: expected an object"),
            ({"recipe": "rm -rf"}, "recipe: expected one of"),
            ({"version": 2}, "version: this trainer reads version 1"),
            ({"data": "../other/data.jsonl"}, "data: expected a path inside the job folder"),
            ({"data": "/etc/passwd"}, "data: expected a path inside the job folder"),
            ({"extra": 1}, "extra: unknown field"),
            ({"template": {"kind": "poem"}}, "template.kind: expected one of"),
        ]
        for change, expected in cases:
            with self.subTest(change=change), self.assertRaises(SpecError) as caught:
                parse_spec({**GOOD, **change})
            self.assertIn(expected, str(caught.exception))
            self.assertNotIn("\n", str(caught.exception))

    def test_a_whole_number_becomes_a_float_if_the_field_is_a_float(self):
        self.assertIs(
            type(parse_spec({**GOOD, "recipe": "generate", "settings": {"temperature": 1}}).settings.temperature), float
        )

    def test_the_committed_schema_is_the_one_the_fields_give(self):
        stale = "run `python -m stat_trainer.schema` in trainer/"
        self.assertEqual(SCHEMA_FILE.read_text(encoding="utf-8"), schema_text(), stale)

    def test_remote_code_needs_a_pinned_revision(self):
        with self.assertRaises(SpecError):
            parse_spec({**GOOD, "model": {"name": "x/y", "trust_remote_code": True}})
        self.assertTrue(
            parse_spec(
                {**GOOD, "model": {"name": "x/y", "trust_remote_code": True, "revision": "abc"}}
            ).model.trust_remote_code
        )


if __name__ == "__main__":
    unittest.main()
