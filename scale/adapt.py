"""Adapts a BERT to classes or targets in PyTorch, as `footfall bench --only table` asks, for a comparison of time.

    python3 scale/adapt.py FOLDER

FOLDER/plan.json holds what Footfall adapts with: tokens, labels, the rows of every step and AdamW's constants; each
run's weights lie beside it, head included. Reads names of runs from standard input, and writes for each one line of
JSON: seconds, seconds of the processor, and the losses of every epoch.
"""

import json
import os
import sys
import time
from types import SimpleNamespace

import torch
import torch.nn.functional as F

from cpu import prepare_cpu
from model import CLS, PAD, SEP, Bert, BertConfig, Linear, group
from probe import choose_logistic
from safetensors_io import read_safetensors
from train import learning_rate_at

FIRST_PIECE = 5  # ids below are [PAD], [UNK], [CLS], [SEP] and [MASK]
ASKED_AT_ONCE = 128


class Classifier(Bert):
    """Hugging Face's BertForSequenceClassification; with "mean" it looks at the mean over the pieces, not at [CLS].

    With "pair" rows 2n and 2n + 1 are the parts of a pair, each read alone, and it looks at their means and the distance of
    these (docs/decisions/015)."""

    def __init__(self, config, answers, pooling):
        super().__init__(config)
        C = config.hidden_size
        del self.cls
        if pooling != "pair":
            self.bert.add_module("pooler", group(dense=Linear(C, C)))
        self.classifier, self.pooling = Linear(3 * C if pooling == "pair" else C, answers), pooling

    def states(self, ids):
        """What the head looks at: [B, T] -> [B, C], of pairs -> [B / 2, 3C]."""
        if self.pooling == "cls":
            return self.hidden(ids, torch.arange(ids.shape[0]) * ids.shape[1])[-1]
        pieces = (ids >= FIRST_PIECE).float().unsqueeze(2)  # [B, T, 1]
        means = (self.hidden(ids)[-1] * pieces).sum(1) / pieces.sum(1)  # [B, C]
        if self.pooling == "mean":
            return means
        u, v = means.view(-1, 2, means.shape[1]).unbind(1)
        return torch.cat([u, v, (u - v).abs()], 1)

    def forward(self, ids):
        """Scores of classes, or standardised targets: [B, T] -> [B, K], of pairs -> [B / 2, K]."""
        state = self.states(ids)
        return self.classifier(state if self.pooling == "pair" else torch.tanh(self.bert.pooler.dense(state)))


def part_pair(sequence):
    """[CLS] A [SEP] B [SEP] as [CLS] A [SEP] and [CLS] B [SEP]."""
    end = sequence.index(SEP) + 1
    return [sequence[:end], [CLS, *sequence[end:]]]


def pad(sequences):
    longest = max(len(sequence) for sequence in sequences)
    return torch.tensor([sequence + [PAD] * (longest - len(sequence)) for sequence in sequences])


class Task:
    """Tokens and labels of all examples; targets are standardised by those that are learnt from."""

    def __init__(self, plan, train):
        self.sequences, self.isClasses = plan["sequences"], plan["kind"] == "classes"
        self.isPair = plan["training"]["pooling"] == "pair"
        labels = torch.tensor(plan["labels"])
        if self.isClasses:
            self.labels = labels
        else:
            targets = labels.view(len(self.sequences), -1).double()
            known = targets[train]
            self.labels = ((targets - known.mean(0)) / known.std(0, unbiased=False)).float()

    def read(self, rows):
        """Tokens of some rows as the model reads them: [B, T], of pairs both parts, one below the other."""
        sequences = [self.sequences[n] for n in rows]
        return pad([part for row in sequences for part in part_pair(row)] if self.isPair else sequences)

    def loss(self, model, rows):
        answers = model(self.read(rows))
        return (F.cross_entropy if self.isClasses else F.mse_loss)(answers, self.labels[rows])

    def parts(self, rows):
        """Rows that are only asked, sorted by length: less padding."""
        rows = sorted(rows, key=lambda n: len(self.sequences[n]))
        return [rows[k : k + ASKED_AT_ONCE] for k in range(0, len(rows), ASKED_AT_ONCE)]

    def mean_loss(self, model, rows):
        with torch.no_grad():
            return sum(self.loss(model, part).item() * len(part) for part in self.parts(rows)) / len(rows)

    def states(self, model, rows):
        """What the head looks at, in double precision, and the classes of the rows."""
        parts = self.parts(rows)
        with torch.no_grad():
            states = torch.cat([model.states(self.read(part)) for part in parts]).double()
        return states, self.labels[[n for part in parts for n in part]]


def begin_as_probe(model, task, run):
    """The head over pairs begins as a linear probe of the frozen states (docs/decisions/015)."""
    train, validation = task.states(model, run["train"]), task.states(model, run["asked"]["validation"])
    weight, bias = choose_logistic(train, validation, model.classifier.bias.shape[0])
    with torch.no_grad():
        model.classifier.weight.copy_(weight)
        model.classifier.bias.copy_(bias)


def open_model(folder, plan, run):
    config = BertConfig(**run["config"], start="normal")
    model = Classifier(config, plan["answers"], plan["training"]["pooling"])
    tensors = read_safetensors(os.path.join(folder, run["weights"]))
    model.load_state_dict({name: torch.from_numpy(value) for name, value in tensors.items() if not name.startswith("cls.")})
    return model


def adapt(folder, plan, run):
    """All epochs of one run: losses of the steps, and of the examples that are not learnt from."""
    model, task, training = open_model(folder, plan, run), Task(plan, run["train"]), plan["training"]
    if task.isPair and task.isClasses and run["epochs"]:
        begin_as_probe(model, task, run)
    matrices = [value for value in model.parameters() if value.dim() == 2]
    rest = [value for value in model.parameters() if value.dim() != 2]
    groups = [{"params": matrices, "weight_decay": training["weightDecay"]}, {"params": rest, "weight_decay": 0.0}]
    betas = (training["beta1"], training["beta2"])
    adamw = torch.optim.AdamW(groups, lr=0.0, betas=betas, eps=training["epsilon"], foreach=True)
    total, step = sum(len(epoch) for epoch in run["epochs"]), 0
    evaluate = lambda: {name: task.mean_loss(model, rows) for name, rows in run["asked"].items()}  # noqa: E731
    schedule = SimpleNamespace(learning_rate=training["learningRate"], warmup=training["warmup"], decay="linear")
    told = [evaluate()]
    for epoch in run["epochs"]:
        train = 0.0
        for rows in epoch:
            for own in adamw.param_groups:
                own["lr"] = learning_rate_at(step / total, schedule)
            adamw.zero_grad(set_to_none=True)
            loss = task.loss(model, rows)
            loss.backward()
            if training["clip"] > 0:
                torch.nn.utils.clip_grad_norm_(model.parameters(), training["clip"])
            adamw.step()
            train += loss.item() * len(rows) / len(run["train"])
            step += 1
        told.append({"train": train, **evaluate()})
    return told


def main(folder):
    with open(os.path.join(folder, "plan.json")) as file:
        plan = json.load(file)
    prepare_cpu(plan["threads"])
    print(json.dumps({"torch": torch.__version__}), flush=True)
    for name in sys.stdin:
        run = next(run for run in plan["runs"] if run["name"] == name.strip())
        started, worked = time.perf_counter(), time.process_time()
        epochs = adapt(folder, plan, run)
        took = {"seconds": time.perf_counter() - started, "processorSeconds": time.process_time() - worked}
        print(json.dumps({**took, "epochs": epochs}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
