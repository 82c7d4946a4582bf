"""Writes the folder that ships from a finished run: half-precision weights, config, tokeniser, log and the model card.

    python3 scale/export.py --run RUN --data SHARDS --out public/models/japan [--dtype F16]
"""

import argparse
import json
import os
import shutil

from card import model_card
from folder import copy_tokeniser, read_config, read_model, write_model
from shards import describe_training, read_report


def read_log(path):
    with open(path) as file:
        return [json.loads(line) for line in file]


def write_card(folder, data):
    """README.md from the other files of the folder and the shards that it was trained on."""
    log = read_log(os.path.join(folder, "training.jsonl"))
    text = model_card(read_config(folder), log, read_report(data), describe_training(data))
    with open(os.path.join(folder, "README.md"), "w") as file:
        file.write(text)


def main():
    parser = argparse.ArgumentParser(description="copy a finished run as a Hugging Face folder")
    parser.add_argument("--run", required=True, help="folder that train.py wrote")
    parser.add_argument("--data", required=True, help="shards that it was trained on")
    parser.add_argument("--out", required=True, help="folder to write")
    parser.add_argument("--dtype", choices=["F16", "F32"], default="F16")
    options = parser.parse_args()
    write_model(options.out, read_model(options.run), read_config(options.run)["footfall"], options.dtype)
    copy_tokeniser(options.run, options.out)
    shutil.copyfile(os.path.join(options.run, "training.jsonl"), os.path.join(options.out, "training.jsonl"))
    write_card(options.out, options.data)


if __name__ == "__main__":
    main()
