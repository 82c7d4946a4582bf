"""Reference values for training: the masked-LM loss, every gradient, and parameters after 20 steps of AdamW.

    /usr/bin/python3 test/reference/make_training_reference.py

Reads the models and inputs of make_bert_reference.py and writes training-<case>.json beside them: the loss (mean
over masked places), its gradients and, for the small cases, the parameters after 20 steps of torch.optim.AdamW on
the same rows, as float32 in base64. All is computed in float64. Epsilon is 1e-4: with 1e-8 a gradient that is 0 but
for rounding (the keys' biases) moves its parameter by a whole step, this way or that.
"""

import base64
import json
import os

import numpy as np
import torch
import torch.nn.functional as F

from make_bert_reference import CASES, HERE, forward, read_safetensors, write_json

STEPS = 20
ADAMW = dict(learningRate=1e-3, beta1=0.9, beta2=0.98, epsilon=1e-4, weightDecay=0.1, clip=1.0)
WITH_STEPS = ("padded", "long")


def encode(tensors):
    return {name: base64.b64encode(value.detach().numpy().astype("<f4").tobytes()).decode() for name, value in tensors.items()}


def loss_of(weights, case, ids, labels):
    _, logits = forward(weights, ids, case["L"], case["H"])
    return F.cross_entropy(logits.flatten(0, 1), labels.flatten(), ignore_index=-100)


def optimiser_of(weights):
    groups = [
        dict(params=[w for w in weights.values() if w.dim() > 1], weight_decay=ADAMW["weightDecay"]),
        dict(params=[w for w in weights.values() if w.dim() == 1], weight_decay=0.0),
    ]
    betas = (ADAMW["beta1"], ADAMW["beta2"])
    return torch.optim.AdamW(groups, lr=ADAMW["learningRate"], betas=betas, eps=ADAMW["epsilon"])


def train(weights, loss_of):
    optimiser, losses, norms = optimiser_of(weights), [], []
    for _ in range(STEPS):
        optimiser.zero_grad()
        loss = loss_of(weights)
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(weights.values(), ADAMW["clip"]).item())
        losses.append(loss.item())
        optimiser.step()
    return losses, norms


def make_case(name, case):
    folder = os.path.join(HERE, f"bert-{name}")
    with open(os.path.join(HERE, f"bert-{name}.json")) as file:
        stored = json.load(file)
    ids, labels = torch.tensor(stored["ids"]), torch.tensor(stored["labels"])
    read = read_safetensors(os.path.join(folder, "model.safetensors"))
    weights = {key: torch.from_numpy(value).double().requires_grad_() for key, value in read.items()}
    loss = loss_of(weights, case, ids, labels)
    loss.backward()
    result = {
        "made": f"PyTorch {torch.__version__}, float64, test/reference/make_training_reference.py",
        "model": f"bert-{name}", "loss": loss.item(), "gradients": encode({key: w.grad for key, w in weights.items()}),
    }
    if name in WITH_STEPS:
        losses, norms = train(weights, lambda w: loss_of(w, case, ids, labels))
        result.update(adamw=ADAMW, losses=losses, norms=norms, parameters=encode(weights))
    write_json(os.path.join(HERE, f"training-{name}.json"), result)


if __name__ == "__main__":
    torch.manual_seed(0)
    np.random.seed(0)
    for name, case in CASES.items():
        make_case(name, case)
