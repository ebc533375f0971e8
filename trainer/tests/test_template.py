"""Tests the student's prompts on the same cases that STAT Studio's own rendering is tested on."""

import json
import unittest

from stat_trainer.spec import Template
from stat_trainer.template import plain_prompt, prompt_messages
from tests.jobs import CASES


class Prompts(unittest.TestCase):
    def test_prompts_equal_those_of_the_shared_cases(self):
        for case in json.loads((CASES / "prompts.json").read_text(encoding="utf-8")):
            template = Template(**case["template"])
            with self.subTest(template=template, question=case["question"]):
                self.assertEqual(prompt_messages(template, case["question"]), case["messages"])
                self.assertEqual(plain_prompt(template, case["question"]), case["plain"])


if __name__ == "__main__":
    unittest.main()
