"""Tests the event log on a full disk."""

import json
import resource
import tempfile
import unittest
from pathlib import Path

from stat_trainer.events import Events


class AFullDisk(unittest.TestCase):
    def test_a_full_disk_loses_events_but_keeps_the_others_intact(self):
        folder = Path(tempfile.mkdtemp(prefix="stat-full-"))
        log = Events(folder, heartbeat_seconds=1000)
        log.write("step", step=1)
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        # The operating system itself refuses the write: half of the second event fits, and nothing of the third.
        resource.setrlimit(resource.RLIMIT_FSIZE, ((folder / "events.jsonl").stat().st_size + 20, hard))
        try:
            log.write("step", step=2)
            log.write("step", step=3)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        log.write("step", step=4)
        log.write("step", step=5)
        log.close()
        lines = (folder / "events.jsonl").read_text().splitlines()
        self.assertEqual([json.loads(line)["step"] for line in lines if line.endswith("}")], [1, 4, 5])
        self.assertEqual(len(lines), 4, "the torn event has a line of its own")


if __name__ == "__main__":
    unittest.main()
