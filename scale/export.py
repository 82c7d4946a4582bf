"""Writes the folder that ships from a finished run: half-precision weights, config, tokeniser and log.

    python3 scale/export.py --run RUN --out public/models/japan [--dtype F16]
"""

import argparse
import os
import shutil

from folder import copy_tokeniser, read_config, read_model, write_model


def main():
    parser = argparse.ArgumentParser(description="copy a finished run as a Hugging Face folder")
    parser.add_argument("--run", required=True, help="folder that train.py wrote")
    parser.add_argument("--out", required=True, help="folder to write")
    parser.add_argument("--dtype", choices=["F16", "F32"], default="F16")
    options = parser.parse_args()
    write_model(options.out, read_model(options.run), read_config(options.run)["footfall"], options.dtype)
    copy_tokeniser(options.run, options.out)
    log = os.path.join(options.run, "training.jsonl")
    if os.path.exists(log):
        shutil.copyfile(log, os.path.join(options.out, "training.jsonl"))


if __name__ == "__main__":
    main()
