"""Presets and command-line options of training; every value of a preset can be set by a flag of its name."""

import argparse
import json
import os

import torch

# Paper 1, Table 14, over Hugging Face's BERT defaults (12 x 768, dropout 0.1); 64 per device on two devices:
# start it with --nproc_per_node 2.
PAPER = dict(
    layers=12, width=768, heads=12, feed_forward=3072, max_length=512, dropout=0.1, start="normal",
    learning_rate=5e-5, beta1=0.9, beta2=0.999, weight_decay=0.1, warmup=0.0, decay="linear", clip=1.0,
    batch=64, epochs=40.0, seed=123, mask_rate=0.2, reveal=0.0, mask_share=0.8, random_share=0.1,
)
# The model that ships, small enough for a page; for three processes. What limits it is noise: at equal tokens,
# 96 trajectories a step at 1.5e-3 learn more than 30 at 2e-3 (docs/model.md).
SHIPPED = dict(
    PAPER, layers=4, width=128, heads=4, feed_forward=512, max_length=128, dropout=0.0, start="sinusoidal",
    learning_rate=1.5e-3, beta2=0.98, weight_decay=0.01, warmup=0.03, batch=32, epochs=1.0, reveal=0.3,
)
PRESETS = {"paper": PAPER, "shipped": SHIPPED}

HELP = {
    "warmup": "share of the run over which the learning rate rises",
    "decay": "linear or cosine, down to 0",
    "start": "heads (start.py), sinusoidal (learned positions only) or normal",
    "batch": "trajectories per process and step",
    "mask_rate": "share of the hashes of a trajectory that is masked, whole",
    "reveal": "share of masked hashes whose first pieces stay visible",
    "mask_share": "hidden pieces that become [MASK]",
    "random_share": "hidden pieces that become a random piece",
}


def parse_options(arguments=None):
    parser = argparse.ArgumentParser(description="pre-train BERT on token shards; run alone or under torchrun")
    parser.add_argument("--data", required=True, help="folder that `footfall tokenise` wrote")
    parser.add_argument("--out", required=True, help="folder for the model, its log and its checkpoint")
    parser.add_argument("--preset", choices=PRESETS, default="shipped")
    parser.add_argument("--minutes", type=float, help="decay over this much wall-clock time instead of over epochs")
    parser.add_argument("--steps", type=int, help="decay over this many steps instead of over epochs")
    parser.add_argument("--stop-after", type=int, help="write a checkpoint after this step and leave")
    parser.add_argument("--fresh", action="store_true", help="ignore a checkpoint in --out")
    parser.add_argument("--compute", choices=["auto", "float32", "bfloat16"], default="auto")
    parser.add_argument("--threads", type=int, default=1, help="threads of each process on a CPU")
    parser.add_argument("--log-every", type=int, default=50, help="steps between log lines")
    parser.add_argument("--evaluations", type=int, default=20, help="validations spread over the run")
    parser.add_argument("--eval-sequences", type=int, default=1000, help="trajectories of a validation")
    parser.add_argument("--test-sequences", type=int, default=4000, help="trajectories of the test at the end")
    parser.add_argument("--checkpoint-minutes", type=float, default=5.0)
    for name, value in PAPER.items():
        flag = "--" + name.replace("_", "-")
        parser.add_argument(flag, type=type(value), default=argparse.SUPPRESS, help=HELP.get(name))
    given = vars(parser.parse_args(arguments))
    return argparse.Namespace(**{**PRESETS[given["preset"]], **given})


def recipe(options):
    """The values that make the weights, for config.json: no paths, nothing of this machine."""
    names = ["preset", "minutes", "steps", *PAPER]
    return {name: getattr(options, name) for name in names if getattr(options, name) is not None}


def versions():
    """What computes the weights: the version of PyTorch, and of this program where the folder stands in its repository."""
    package = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "package.json")
    if not os.path.exists(package):
        return dict(torch=torch.__version__)
    with open(package) as file:
        return dict(footfall=json.load(file)["version"], torch=torch.__version__)
