"""Reference values for adaptation: BertForSequenceClassification's scores, loss, gradients and 20 steps of AdamW.

    /usr/bin/python3 test/reference/make_labels_reference.py

Writes for each case a Hugging Face folder labels-<case>/ (config.json, model.safetensors) and labels-<case>.json:
rows, labels, scores [N, K], loss, the gradient of every tensor, losses and gradient norms of 20 steps of
torch.optim.AdamW and, for the small case, the parameters after them. All in float64, with torch.nn.functional;
make_training_reference.py says why epsilon is 1e-4. Case "classes": single rows and pairs (token types 0 and 1),
softmax cross-entropy. Case "targets": two targets, mean squared error once standardised by their own means and
deviations. Case "dropped": a fifth of the values dropped where Hugging Face drops them, which ones by Philox4x32-10
(Salmon et al. 2011) of seed, step, pass, place and number, written here once more. Case "timed": an hour of the week
at every piece. Case "averaged": the head looks at the mean over a row's own pieces in the place of [CLS]. Case
"compared": both parts of a pair read alone, and the classifier over their means u, v and |u - v| (Sentence-BERT).
"""

import os

import numpy as np
import torch
import torch.nn.functional as F

from make_bert_reference import HERE, config_of, forward, linear, random_weights, write_json
from make_training_reference import ADAMW, encode, train
from safetensors_io import read_safetensors, write_safetensors

CLS, SEP = 2, 3
CASES = {
    "classes": dict(V=23, C=16, H=2, L=2, F=32, P=16, K=3, rows=[(6,), (3, 4), (2, 2), (9,), (1, 3)]),
    "targets": dict(V=31, C=24, H=3, L=1, F=40, P=12, K=2, rows=[(4,), (4,), (7,), (2,), (10,), (4,)]),
    "dropped": dict(V=23, C=16, H=2, L=2, F=32, P=16, K=3, rows=[(6,), (3, 4), (2, 2), (10,)], dropped=True),
    "timed": dict(V=11, C=12, H=3, L=1, F=16, P=12, K=3, rows=[(6,), (3, 4), (2,), (10,)], timed=True),
    "averaged": dict(V=13, C=12, H=3, L=2, F=16, P=12, K=3, rows=[(6,), (3, 4), (2,), (10,)], averaged=True),
    "compared": dict(V=13, C=12, H=3, L=2, F=16, P=12, K=2, rows=[(3, 4), (5, 1), (2, 2), (1, 6)], compared=True),
}


DROPOUT = dict(rate=0.2, seed=123, step=7, **{"pass": 1})


def philox(counter, key):
    c, k = list(counter), list(key)
    for _ in range(10):
        first, second = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(second >> 32) ^ c[1] ^ k[0], second & 0xFFFFFFFF, (first >> 32) ^ c[3] ^ k[1], first & 0xFFFFFFFF]
        k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return c


class Dropper:
    """Drops what the page drops; the n-th call is the n-th place. Rows of the last layer but [CLS] do not count."""

    def __init__(self, case):
        self.site, self.last = 0, 3 * case["L"] - 1  # from the last layer's attended states on, [CLS] stands alone

    def __call__(self, x):
        site, self.site = self.site, self.site + 1
        shape = (x.shape[0], 1, x.shape[2]) if x.dim() == 3 and site >= self.last else x.shape
        count, threshold = int(np.prod(shape)), round(DROPOUT["rate"] * 65536)
        factors = []
        for block in range(-(-count // 8)):
            for word in philox([block, site, DROPOUT["pass"], 0], [DROPOUT["seed"], DROPOUT["step"]]):
                factors += [half >= threshold for half in (word & 0xFFFF, word >> 16)]
        kept = torch.tensor(factors[:count]).double().reshape(shape) * 65536 / (65536 - threshold)
        return x * kept


def make_rows(random, case):
    """[CLS] pieces [SEP] or [CLS] A [SEP] B [SEP], padded to one length, and the types of their tokens."""
    rows = []
    for parts in case["rows"]:
        row, types = [CLS], [0]
        for part, count in enumerate(parts):
            row += [*random.integers(5, case["V"], count).tolist(), SEP]
            types += [part] * (count + 1)
        rows.append((row, types))
    longest = max(len(row) for row, _ in rows)
    pad = lambda values: values + [0] * (longest - len(values))  # noqa: E731
    ids = torch.tensor([pad(row) for row, _ in rows])
    types = torch.tensor([pad(types) for _, types in rows])
    return [row for row, _ in rows], ids, types


def hours_of(ids):
    """Some hour for every piece, none for [PAD], [CLS] and [SEP]."""
    places = torch.arange(ids.numel()).reshape(ids.shape)
    return torch.where(ids < 5, 168, (places * 37 + ids * 5) % 168)


def mean_of(weights, case, ids):
    """The mean over each row's own pieces."""
    hidden, _ = forward(weights, ids, case["L"], case["H"], torch.zeros_like(ids), lambda x: x, None)
    pieces = (ids >= 5).double().unsqueeze(2)
    return (hidden[-1] * pieces).sum(1) / pieces.sum(1)


def compare(weights, case, ids, types):
    """[CLS] A [SEP] B [SEP] as [CLS] A [SEP] and [CLS] B [SEP], each padded behind its own tokens."""
    first, second = [], []
    for row, kind in zip(ids.tolist(), types.tolist()):
        a = [token for token, part in zip(row, kind) if part == 0 and token]
        b = [CLS] + [token for token, part in zip(row, kind) if part == 1]
        first.append(a + [0] * (ids.shape[1] - len(a)))
        second.append(b + [0] * (ids.shape[1] - len(b)))
    u, v = (mean_of(weights, case, torch.tensor(rows)) for rows in (first, second))
    return linear(weights, "classifier", torch.cat([u, v, (u - v).abs()], 1))


def scores_of(weights, case, ids, types):
    if case.get("compared"):
        return compare(weights, case, ids, types)
    drop = Dropper(case) if case.get("dropped") else lambda x: x
    hidden, _ = forward(weights, ids, case["L"], case["H"], types, drop, hours_of(ids) if case.get("timed") else None)
    first, pieces = hidden[-1][:, 0], (ids >= 5).double().unsqueeze(2)
    state = (hidden[-1] * pieces).sum(1) / pieces.sum(1) if case.get("averaged") else first
    pooled = drop(torch.tanh(linear(weights, "bert.pooler.dense", state)))
    return linear(weights, "classifier", pooled)


def make_weights(random, case):
    weights = {name: value for name, value in random_weights(random, case).items() if not name.startswith("cls.")}
    heads = (("bert.pooler.dense", case["C"], case["C"]), ("classifier", case["K"], case["C"]))
    for name, outer, inner in (("classifier", case["K"], 3 * case["C"]),) if case.get("compared") else heads:
        weights[f"{name}.weight"] = random.normal(0, 0.3, (outer, inner))
        weights[f"{name}.bias"] = random.normal(0, 0.2, outer)
    if case.get("timed"):
        weights["bert.embeddings.time_embeddings.weight"] = random.normal(0, 0.5, (168, case["C"]))
    return weights


def config_json(case, labels):
    names = [f"answer {k}" for k in range(case["K"])]
    config = {**config_of(case), "architectures": ["BertForSequenceClassification"]}
    config["id2label"] = {str(k): name for k, name in enumerate(names)}
    config["label2id"] = {name: k for k, name in enumerate(names)}
    if labels.dim() == 1:
        pooling = "mean" if case.get("averaged") else "pair" if case.get("compared") else None
        own = {"times": True} if case.get("timed") else {"pooling": pooling} if pooling else {}
        notes = {"footfall": own} if own else {}
        return {**config, "problem_type": "single_label_classification", **notes}
    scale = {"means": labels.mean(0).tolist(), "deviations": labels.std(0, correction=0).tolist()}
    return {**config, "problem_type": "regression", "footfall": {"scale": scale}}


def make_case(name, case, seed):
    random = np.random.default_rng(seed)
    folder = os.path.join(HERE, f"labels-{name}")
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "model.safetensors")
    write_safetensors(path, make_weights(random, case), "F32")
    weights = {key: torch.from_numpy(value).double().requires_grad_() for key, value in read_safetensors(path).items()}
    rows, ids, types = make_rows(random, case)
    if name != "targets":
        labels = torch.tensor([2 % case["K"], 0, 1, 1, 0][: len(rows)])
        loss_of = lambda w: F.cross_entropy(scores_of(w, case, ids, types), labels)  # noqa: E731
    else:
        labels = torch.tensor(random.normal([50.0, -3.0], [20.0, 0.1], (len(rows), 2)))
        standard = (labels - labels.mean(0)) / labels.std(0, correction=0)
        loss_of = lambda w: F.mse_loss(scores_of(w, case, ids, types), standard)  # noqa: E731
    scores, loss = scores_of(weights, case, ids, types), loss_of(weights)
    loss.backward()
    result = {
        "made": f"PyTorch {torch.__version__}, float64, test/reference/make_labels_reference.py",
        "model": f"labels-{name}", "rows": rows, "labels": labels.flatten().tolist(),
        "scores": np.round(scores.detach().numpy(), 7).flatten().tolist(), "loss": loss.item(),
        "gradients": encode({key: w.grad for key, w in weights.items()}),
    }
    if case.get("timed"):
        result.update(hours=[hours_of(ids)[n, : len(row)].tolist() for n, row in enumerate(rows)])
    if name == "dropped":
        result.update(dropout=DROPOUT)
    else:
        losses, norms = train(weights, loss_of)
        result.update(adamw=ADAMW, losses=losses, norms=norms)
    if name == "classes":
        result.update(parameters=encode(weights))
    write_json(os.path.join(folder, "config.json"), config_json(case, labels), indent=2)
    write_json(os.path.join(HERE, f"labels-{name}.json"), result)


if __name__ == "__main__":
    torch.manual_seed(0)
    for seed, (name, case) in enumerate(CASES.items()):
        make_case(name, case, seed)
