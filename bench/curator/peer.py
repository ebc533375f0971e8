"""Sends prompts with bespokelabs-curator's own client: peer.py URL IN_FLIGHT FILE, a JSON list of prompts a line.

Everything that curator does by itself stays on: it stores each reply in its working folder before the next one counts.
Limits per minute are raised out of the way, and it neither draws progress nor calls other hosts.
"""

import importlib.util
import json
import os
import pathlib
import sys

os.environ["TELEMETRY_ENABLED"] = "false"
os.environ["CURATOR_DISABLE_RICH_DISPLAY"] = "1"
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
# The tokenizer's file, which curator would download, is part of litellm.
os.environ["TIKTOKEN_CACHE_DIR"] = str(
    pathlib.Path(importlib.util.find_spec("litellm").origin).parent / "litellm_core_utils" / "tokenizers"
)
os.environ["OPENAI_API_KEY"] = "none"

from bespokelabs import curator

url, in_flight, file = sys.argv[1], int(sys.argv[2]), sys.argv[3]
with open(file, encoding="utf-8") as lines:
    prompts = [{"system": prompt["system"], "user": prompt["user"]} for prompt in map(json.loads, lines)]


class Peer(curator.LLM):
    def prompt(self, row):
        return [{"role": "system", "content": row["system"]}, {"role": "user", "content": row["user"]}]

    def parse(self, row, response):
        return {"length": len(response)}


peer = Peer(
    model_name="stand-in",
    backend="openai",
    generation_params={"temperature": 0, "max_tokens": 1000},
    backend_params={
        "base_url": url,
        "max_requests_per_minute": 10_000_000,
        "max_tokens_per_minute": 100_000_000_000,
        "max_concurrent_requests": in_flight,
        "max_retries": 3,
    },
)
rows = peer(prompts).dataset
print(json.dumps({"replies": len(rows)}))
