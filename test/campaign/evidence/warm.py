"""Keeps one Python with the trainer's packages loaded and forks it for each job: `import torch, transformers, trl` takes
longer than a small student's training. What runs in the fork is the trainer as the host's run.sh starts it.

python warm.py serve SOCKET           until its stdin closes
python warm.py SOCKET PROGRAM ARGS…   runs `python PROGRAM ARGS…` in a fork: PROGRAM is `-m stat_trainer` or a file
"""

import json
import os
import runpy
import signal
import socket
import sys
import time
import traceback


def serve(place: str) -> None:
    import torch

    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    import datasets  # noqa: F401
    import peft  # noqa: F401
    import transformers  # noqa: F401
    from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaForCausalLM, Trainer  # noqa: F401
    from trl import GRPOConfig, GRPOTrainer, SFTConfig, SFTTrainer  # noqa: F401
    from trl.trainer.sft_trainer import DataCollatorForLanguageModeling  # noqa: F401

    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(place)
    listener.listen(16)
    parent = os.getppid()
    children: dict[int, socket.socket] = {}
    listener.settimeout(0.05)
    print("ready", flush=True)
    while os.getppid() == parent:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                break
            if pid == 0:
                break
            try:
                children.pop(pid).sendall(json.dumps(os.waitstatus_to_exitcode(status)).encode() + b"\n")
            except OSError:
                pass
        try:
            client, _ = listener.accept()
        except TimeoutError:
            continue
        request, files, _, _ = socket.recv_fds(client, 1 << 20, 2)
        pid = os.fork()
        if pid == 0:
            listener.close()
            run(json.loads(request), files)
        for file in files:
            os.close(file)
        client.sendall(json.dumps(pid).encode() + b"\n")
        children[pid] = client
    for pid in children:
        os.kill(pid, signal.SIGTERM)


def run(request: dict, files: list[int]) -> None:
    """Becomes the program; never returns."""
    code = 1
    try:
        os.setpgid(0, 0)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(files[0], 1)
        os.dup2(files[1], 2)
        os.chdir(request["folder"])
        os.environ.clear()
        os.environ.update(request["environment"])
        sys.path[:0] = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
        arguments = request["arguments"]
        if arguments[0] == "-m":
            sys.argv = arguments[1:]
            runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
        else:
            sys.path.insert(0, os.path.dirname(arguments[0]))
            sys.argv = arguments
            runpy.run_path(arguments[0], run_name="__main__")
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except BaseException:  # noqa: BLE001
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    if request["arguments"][0] == "-m":
        with open(os.path.join(request["folder"], "cpu"), "w", encoding="utf-8") as file:
            file.write(f"{time.process_time():.2f}\n")
    os._exit(code)


def ask(place: str, arguments: list[str]) -> int:
    client = socket.socket(socket.AF_UNIX)
    client.connect(place)
    request = json.dumps({"folder": os.getcwd(), "environment": dict(os.environ), "arguments": arguments}).encode()
    socket.send_fds(client, [request], [1, 2])
    reader = client.makefile()
    pid = json.loads(reader.readline())
    signal.signal(signal.SIGTERM, lambda *_: os.kill(pid, signal.SIGTERM))
    line = reader.readline()
    return json.loads(line) if line else 1


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(sys.argv[2])
    else:
        code = ask(sys.argv[1], sys.argv[2:])
        sys.exit(code if code >= 0 else 128 - code)
