"""Tests several processes under accelerate: the spec's effective batch, a single log, no process left behind."""

import json
import os
import signal
import subprocess
import sys
import time
import unittest
from pathlib import Path

from stat_trainer.processes import share
from stat_trainer.spec import SpecError
from tests.jobs import events, make, rows, run

HERE = Path(__file__).resolve().parents[1]
LAUNCH = [
    sys.executable,
    "-W",
    "ignore",
    "-m",
    "accelerate.commands.launch",
    "--multi_gpu",
    "--num_processes",
    "2",
    "--num_machines",
    "1",
    "--main_process_port",
    "0",
    "--mixed_precision",
    "no",
    "--dynamo_backend",
    "no",
    "-m",
    "stat_trainer",
]


def start(folder):
    return subprocess.Popen(
        [*LAUNCH, str(folder)],
        cwd=HERE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )


def trainers(folder):
    """Returns the pids of the processes that train this job, without the launcher."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if (
            entry.name.isdigit()
            and str(folder).encode() in words
            and b"stat_trainer" in words
            and b"accelerate.commands.launch" not in words
        ):
            found.append(int(entry.name))
    return sorted(found)


def wait_for(what, look, seconds=120):
    end = time.time() + seconds
    while time.time() < end:
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited for {what}")


def steps(folder):
    path = folder / "events.jsonl"
    return (
        [
            json.loads(line)["step"]
            for line in path.read_text().splitlines()
            if '"kind": "step"' in line and line.endswith("}")
        ]
        if path.exists()
        else []
    )


class Processes(unittest.TestCase):
    def test_two_processes_learn_what_one_learns(self):
        settings = {"method": "full", "group_by_length": False, "lr": 1e-3, "max_steps": 6, "warmup": 0.2, "seed": 7}
        alone, together = make("sft", rows(32), settings), make("sft", rows(32), settings)
        self.assertEqual(run(alone), 0)
        self.assertEqual(start(together).wait(120), 0)
        force = next(event for event in events(together) if event["kind"] == "recipe")
        self.assertEqual(
            (force["processes"], force["batch"], force["accumulation"], force["effective_batch"]), (2, 2, 2, 8)
        )
        losses = [
            [event["loss"] for event in events(folder) if event["kind"] == "step"] for folder in (alone, together)
        ]
        self.assertEqual([len(one) for one in losses], [6, 6])
        for left, right in zip(*losses, strict=True):
            self.assertAlmostEqual(left, right, delta=1e-4)
        self.assertEqual([event["kind"] for event in events(together)].count("start"), 1)

    def test_a_killed_process_ends_all_processes_without_an_exit_file_and_the_job_resumes(self):
        folder = make("sft", rows(64), {"max_steps": 300, "method": "lora", "save_every": 5})
        process = start(folder)
        wait_for(
            "a checkpoint",
            lambda: (
                "checkpoint" in ((folder / "events.jsonl").read_text() if (folder / "events.jsonl").exists() else "")
            ),
        )
        pids = trainers(folder)
        self.assertEqual(len(pids), 2)
        os.kill(pids[1], signal.SIGKILL)
        self.assertNotEqual(process.wait(60), 0)
        self.assertFalse((folder / "exit.json").exists(), "the job may be restarted")
        self.assertEqual(trainers(folder), [])
        before = len(steps(folder))
        process = start(folder)
        wait_for("it to continue", lambda: len(steps(folder)) > before + 2)
        resumed = next(event for event in events(folder) if event["kind"] == "resumed")
        self.assertGreaterEqual(resumed["step"], 5)
        process.kill()
        process.wait()
        wait_for("the processes of a killed launcher to end", lambda: not trainers(folder))

    def test_the_first_process_to_fail_reports_the_reason(self):
        folder = make("sft", [{"question": "q", "solution": ""}], {})
        self.assertNotEqual(start(folder).wait(120), 0)
        end = json.loads((folder / "exit.json").read_text())
        self.assertEqual(end["code"], 2)
        self.assertIn("data.jsonl:1: solution", end["message"])

    def test_an_effective_batch_that_cannot_be_divided_evenly_is_refused(self):
        self.addCleanup(os.environ.pop, "WORLD_SIZE", None)
        os.environ["WORLD_SIZE"] = "3"
        with self.assertRaises(SpecError) as caught:
            share(4, "accumulation")
        self.assertIn("accumulation is 4, which 3 processes cannot share evenly", str(caught.exception))
        self.assertEqual(share(6, "accumulation"), 2)


if __name__ == "__main__":
    unittest.main()
