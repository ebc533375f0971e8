"""Runs Math-Verify on pairs: reads JSONL {gold, answer} from stdin and writes {equal, seconds} to stdout, one line per
row. Used by grading.ts.
"""

import json
import sys
import time
import logging

logging.disable(logging.CRITICAL)
try:
    from math_verify import ExprExtractionConfig, LatexExtractionConfig, StringExtractionConfig, parse, verify
except ImportError:
    print('Math-Verify is not installed: pip install "math-verify[antlr4_13_2]"', file=sys.stderr)
    sys.exit(3)

# The configuration that Math-Verify's README recommends for gold and answer: LaTeX within delimiters, plain expressions
# and choice letters.
CONFIG = [LatexExtractionConfig(), ExprExtractionConfig(), StringExtractionConfig()]


def wrapped(text):
    return text if "\\boxed" in text or text.startswith(("$", "\\[", "\\(")) else f"${text}$"


def main():
    verify(parse("$1$"), parse("$\\frac12$"))  # warm
    for line in sys.stdin:
        row = json.loads(line)
        start = time.process_time()
        try:
            # Each side is read as LaTeX, or as plain text if that finds nothing.
            sides = [parse(wrapped(row[side]), CONFIG) or parse(row[side], CONFIG) for side in ("gold", "answer")]
            equal = bool(verify(*sides))
        except Exception:  # a crash is "not equal" to its users
            equal = False
        print(json.dumps({"equal": equal, "seconds": time.process_time() - start}), flush=True)


main()
