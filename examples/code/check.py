"""A checker for small programming questions: runs the function that an answer defines and compares its results.

Gold is JSON: {"function": "add", "cases": [[[1, 2], 3], ...]}, each case the arguments and the expected result. The
student's code runs in a process of its own, which gets the arguments and returns results; expected results and the
nonce never leave this process, and its output is never passed on, so it cannot print a verdict.

    stat-studio import answers answers.jsonl --student NAME --grading 'exec:python3 check.py'
"""

import ctypes
import json
import os
import re
import resource
import signal
import subprocess
import sys

SECONDS = 5
MOST_OUTPUT = 100_000

# Reads [source, function, arguments of each case], and writes the results as one line of JSON to the pipe given.
RUNNER = """
import json, os, sys
source, function, calls = json.loads(sys.stdin.buffer.read())
out = os.fdopen(int(sys.argv[1]), 'w')
space = {'__name__': 'answer'}
exec(compile(source, 'answer', 'exec'), space)
out.write(json.dumps([space[function](*arguments) for arguments in calls]))
out.flush()
os._exit(0)
"""


def code_of(response):
    """The last block of code, or the whole response if there is none."""
    blocks = re.findall(r"```(?:python|py)?[ \t]*\n(.*?)```", response, re.DOTALL)
    return blocks[-1] if blocks else response


def limit():
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
    resource.setrlimit(resource.RLIMIT_AS, (1 << 29, 1 << 29))


def run(source, function, calls):
    """Returns the results, or a reason why there are none."""
    reading, writing = os.pipe()
    child = subprocess.Popen(
        [sys.executable, "-I", "-c", RUNNER, str(writing)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=[writing],
        preexec_fn=limit,
        start_new_session=True,
    )
    os.close(writing)
    try:
        child.communicate(json.dumps([source, function, calls]).encode(), timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return None, f"took longer than {SECONDS} s"
    except OSError:
        pass
    finally:
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        child.wait()
    os.set_blocking(reading, False)
    try:
        text = os.read(reading, MOST_OUTPUT).decode(errors="replace")
    except BlockingIOError:
        text = ""
    os.close(reading)
    try:
        return json.loads(text), None
    except ValueError:
        return None, f"ended without results (status {child.returncode})"


def judge(task):
    gold = json.loads(task["gold"])
    calls = [case[0] for case in gold["cases"]]
    results, fault = run(code_of(task["response"]), gold["function"], calls)
    if fault is not None:
        return "wrong", fault
    if not isinstance(results, list) or len(results) != len(calls):
        return "wrong", "returned something else than its results"
    for (arguments, expected), result in zip(gold["cases"], results):
        if type(result) is not type(expected) or result != expected:
            return "wrong", f"{gold['function']}(*{arguments!r}) gave {str(result)[:80]}"
    return "right", None


# Other processes may not read this one's memory, which holds the nonce and expected results (PR_SET_DUMPABLE).
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)
task = json.loads(sys.stdin.readline())
verdict, reason = judge(task)
print(json.dumps({"nonce": task["nonce"], "verdict": verdict, "reason": reason}))
