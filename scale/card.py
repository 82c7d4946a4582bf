"""The README.md of a model folder, as src/core/job/card-layout.ts and model-card.ts lay it out.

Their test writes test/reference/card-scale.md and public/models/japan/README.md; test_scale.py holds this file to both.
"""

import json
from decimal import ROUND_HALF_UP, Decimal

HEAD = """---
# license: the owner of the data and the model chooses one
library_name: transformers
pipeline_tag: fill-mask
tags:
- bert
- h3
- human-mobility
- footfall
---

# BERT on check-ins in H3 cells
"""
WHAT = (
    "pre-trained from nothing to guess hidden check-ins of a person's month from the others. Tokens are H3 cells, one or more to a cell: "
    "`tokenizer.json` says which. `AutoModelForMaskedLM.from_pretrained` takes the folder as it is."
)
LICENCES = {
    True: "MIT, as Footfall that simulates them; of a country in Japan's shape the coast is Natural Earth's (public domain) and "
    "the cities are GeoNames' (CC BY 4.0)",
    False: "that of whoever gave the data; Footfall does not know it",
}
LIMITS = (
    "It writes only the cells of its vocabulary; all others are [UNK].",
    "It sees the order of check-ins, and hours only where `footfall.times` or tokens of time say so.",
    "Perplexities are of other trajectories of the same data: of another place or time nothing is known.",
)
WARNING = (
    "Guesses about people can hurt them. Where somebody goes says something about health, faith, money and company, and paper 1 itself warns "
    "that exposure to greenery could be misused to infer mental health. A score here tells how well a label follows from cells, not who anybody "
    "is: do not use it to decide about a person, and do not publish guesses about few people. (Paper 1: [Pre-trained Transformer Uncovers "
    "Meaningful Patterns in Human Mobility Data](https://arxiv.org/abs/2406.04029).)"
)
NOBODY = "The people are simulated: there is nobody to hide, and no k of visitors applies."
HIDDEN = (
    "k is {k}: Footfall's maps and files leave out cells that fewer than {k} people visited{counted}. Training does not: the weights have seen "
    "them, and what a model has learnt by heart can be asked out of it. Give it only to those who may have the data."
)
DEFAULT_K = 5
SCORES = ("perplexity", "cellPerplexity")


def in_words(value):
    """A number to four digits, as JavaScript's toLocaleString("en"); nothing for what is none."""
    if not isinstance(value, (int, float)):
        return ""
    exact = Decimal(repr(value))
    digits = exact.quantize(Decimal(1).scaleb(exact.adjusted() - 3), ROUND_HALF_UP) if exact else exact
    text = f"{digits:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def as_json(value):
    """A setting as JSON.stringify writes it: 1 for 1.0, and no exponent that JavaScript would not write."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{Decimal(repr(value)):f}" if abs(value) >= 1e-6 else repr(value)
    return json.dumps(value)


def table(head, rows):
    return ["| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows)]


def data_lines(data, training):
    period = data.get("period")
    learnt = [f"{training[unit]:,} {unit}" for unit in ("trajectories", "tokens")]
    return [
        *([f"- Name: {data['name'].replace(chr(92), '/').split('/')[-1]}"] if "name" in data else []),
        f"- People: {'simulated, nobody real' if data.get('simulated') else 'real'}",
        f"- Licence: {LICENCES[bool(data.get('simulated'))]}",
        *([f"- Period: {period['from']} to {period['to']} (UTC)"] if period else []),
        f"- Learnt from: {', '.join(learnt)}",
        f"- Hash of the training tokens: `{training['hash']}`",
    ]


def program(notes):
    """What trained it, with as many versions as the run knew; those before November 2026 knew none."""
    versions = notes.get("versions", {})
    made = f"scale/train.py of Footfall {versions['footfall']}" if "footfall" in versions else "scale/train.py"
    torch = f"PyTorch {versions['torch']}" if "torch" in versions else "PyTorch"
    return f"{made} with {torch}, {notes['processes']} process{'' if notes['processes'] == 1 else 'es'}"


def training_lines(notes):
    settings = notes["recipe"]
    seen = f"{notes['steps']:,} steps, {notes['tokens']:,} tokens seen, {notes['seconds']:,} s, seed {settings['seed']}"
    rows = [[name, as_json(value)] for name, value in settings.items()]
    return [f"{seen}; {program(notes)}, {notes['compute']}.", "", *table(["Setting", "Value"], rows)]


def score_lines(log):
    validations = [row for row in log if row["split"] == "validation"]
    best = min(validations, key=lambda row: row["loss"], default=None)
    named = [("Validation, before training", row) for row in validations[:1] if row["step"] == 0]
    named += [("Validation, lowest loss", best)] if best else []
    named += [("Validation, last", validations[-1])] if best and validations[-1] is not best else []
    named += [("Test", row) for row in log if row["split"] == "test"]
    rows = [[title, in_words(row["step"]), *(in_words(row.get(name)) for name in SCORES)] for title, row in named]
    return table(["Part", "Step", "Perplexity per token", "per check-in"], rows)


def privacy_lines(data):
    if data.get("simulated"):
        return [NOBODY]
    rare = data.get("rareCells")
    counted = f" ({rare['cells']:,} cells of these data)" if rare else ""
    return [HIDDEN.format(k=rare["k"] if rare else DEFAULT_K, counted=counted)]


def model_card(config, log, data, training):
    """The card as text. `data` is report.json of the shards, `training` what describe_training says of them."""
    layers, width, heads = (config[name] for name in ("num_hidden_layers", "hidden_size", "num_attention_heads"))
    size = f"{layers} layer{'' if layers == 1 else 's'} of {width} with {heads} heads"
    sections = {
        "Data": data_lines(data, training),
        "Training": training_lines(config["footfall"]),
        "Scores": score_lines(log),
        "Limits": [f"- {limit}" for limit in LIMITS],
        "Guesses about people": [WARNING, "", *privacy_lines(data)],
    }
    body = [line for title, lines in sections.items() for line in ("", f"## {title}", "", *lines)]
    return "\n".join([HEAD, f"{size}, {WHAT}", *body, ""])
