"""Generates a student's answers greedily, many questions at a time, under the project's template: python answer.py
MODEL QUESTIONS OUT (QUESTIONS: JSON lines with `question`; OUT: the same lines with `response`). Template and
loading are the trainer's.
"""

import json
import os
import sys
import time

import torch

from stat_trainer.spec import Model, Template
from stat_trainer.students import load
from stat_trainer.template import prompt_text

TEMPLATE = Template(instruction="Please reason step by step, and put your final answer within \\boxed{}.")
AT_ONCE, LONGEST = 500, 48


def main(model: str, questions: str, out: str) -> None:
    torch.set_num_threads(1)
    with open(questions, encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    student = load(Model(name=model), model, "none")
    tokenizer, answers = student.tokenizer, []
    tokenizer.padding_side = "left"
    with torch.inference_mode():
        for begin in range(0, len(rows), AT_ONCE):
            prompts = [prompt_text(TEMPLATE, tokenizer, row["question"]) for row in rows[begin : begin + AT_ONCE]]
            ids = tokenizer(prompts, return_tensors="pt", padding=True, add_special_tokens=False)
            made = student.model.eval().generate(
                input_ids=ids["input_ids"],
                attention_mask=ids["attention_mask"],
                do_sample=False,
                max_new_tokens=LONGEST,
                pad_token_id=tokenizer.pad_token_id,
            )
            answers += tokenizer.batch_decode(made[:, ids["input_ids"].shape[1] :], skip_special_tokens=True)
    with open(f"{out}.part", "w", encoding="utf-8") as file:
        for row, response in zip(rows, answers):
            file.write(json.dumps({**row, "response": response}) + "\n")
    os.replace(f"{out}.part", out)


if __name__ == "__main__":
    main(*sys.argv[1:4])
    print(time.process_time())
