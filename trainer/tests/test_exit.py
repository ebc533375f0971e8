"""Tests exit.json and the recipes, without a model."""

import json
import tempfile
import unittest
from pathlib import Path

from stat_trainer.__main__ import RECIPE_FUNCTIONS, write_exit
from stat_trainer.spec import RECIPES


class TheExitFile(unittest.TestCase):
    def test_exit_json_begins_with_its_code_which_the_run_script_greps_for(self):
        folder = Path(tempfile.mkdtemp(prefix="stat-exit-"))
        for code in (0, 137):
            write_exit(folder, code, 'say "no"')
            text = (folder / "exit.json").read_text()
            self.assertTrue(text.startswith(f'{{"code": {code},'), text)
            self.assertEqual(json.loads(text)["message"], 'say "no"')


class Recipes(unittest.TestCase):
    def test_each_recipe_of_the_spec_has_a_function(self):
        self.assertEqual(set(RECIPE_FUNCTIONS), set(RECIPES))


if __name__ == "__main__":
    unittest.main()
