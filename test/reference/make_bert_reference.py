"""Reference values for BERT: hidden states, logits and masked-LM loss of tiny models, computed in float64.

Written with torch.nn.functional from the published architecture (post-LN encoder, exact GELU, tied
decoder) and sharing no code with scale/model.py, so that the two and the TypeScript can disagree.

    /usr/bin/python3 test/reference/make_bert_reference.py

Writes, beside this script, for each case a Hugging Face folder bert-<case>/ (config.json,
model.safetensors) and bert-<case>.json: inputs, labels (-100 = not scored), hidden states after the
embeddings and after each layer [L + 1, B, T, C], logits [B, T, V], loss (mean over scored positions).
"""

import json
import os
import sys

import numpy as np
import torch
import torch.nn.functional as F

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "scale"))
from safetensors_io import read_safetensors, write_safetensors  # noqa: E402

CASES = {
    "padded": dict(V=23, C=16, H=2, L=2, F=32, P=16, lengths=[8, 5, 2], T=8, dtype="F32"),
    "long": dict(V=31, C=24, H=3, L=1, F=40, P=32, lengths=[17], T=17, dtype="F32"),
    "half": dict(V=50, C=32, H=4, L=3, F=64, P=12, lengths=[12, 12, 7, 3], T=12, dtype="F16"),
}
PAD = 0


def tensor_shapes(V, C, L, F, P, **_):
    shapes = {
        "bert.embeddings.word_embeddings.weight": (V, C),
        "bert.embeddings.position_embeddings.weight": (P, C),
        "bert.embeddings.token_type_embeddings.weight": (2, C),
        "bert.embeddings.LayerNorm": (C,),
        "cls.predictions.transform.dense": (C, C),
        "cls.predictions.transform.LayerNorm": (C,),
        "cls.predictions.bias": (V,),
    }
    for n in range(L):
        layer = f"bert.encoder.layer.{n}"
        for part in ("self.query", "self.key", "self.value", "output.dense"):
            shapes[f"{layer}.attention.{part}"] = (C, C)
        shapes[f"{layer}.attention.output.LayerNorm"] = (C,)
        shapes[f"{layer}.intermediate.dense"] = (F, C)
        shapes[f"{layer}.output.dense"] = (C, F)
        shapes[f"{layer}.output.LayerNorm"] = (C,)
    return shapes


def random_weights(random, case):
    """Weights large enough that every nonlinearity bends; biases and LayerNorm away from 0 and 1."""
    weights = {}
    for name, shape in tensor_shapes(**case).items():
        if name.endswith((".weight", ".bias")):
            weights[name] = random.normal(0, 0.5, shape)
        elif name.endswith("LayerNorm"):
            weights[name + ".weight"] = random.normal(1, 0.2, shape)
            weights[name + ".bias"] = random.normal(0, 0.2, shape)
        else:
            weights[name + ".weight"] = random.normal(0, 0.3, shape)
            weights[name + ".bias"] = random.normal(0, 0.2, shape[:1])
    return weights


def linear(w, name, x):
    return F.linear(x, w[name + ".weight"], w[name + ".bias"])


def norm(w, name, x):
    return F.layer_norm(x, x.shape[-1:], w[name + ".weight"], w[name + ".bias"], 1e-12)


def attend(w, layer, x, ids, H, drop):
    B, T, C = x.shape
    heads = [linear(w, f"{layer}.attention.self.{part}", x).view(B, T, H, C // H) for part in ("query", "key", "value")]
    query, key, value = heads  # [B, T, H, D]
    scores = torch.einsum("bihd,bjhd->bhij", query, key) / (C // H) ** 0.5  # [B, H, T, T]
    scores = scores.masked_fill((ids == PAD)[:, None, None, :], float("-inf"))
    mixed = torch.einsum("bhij,bjhd->bihd", drop(scores.softmax(-1)), value).reshape(B, T, C)
    return linear(w, f"{layer}.attention.output.dense", mixed)


def forward(w, ids, L, H, types=None, drop=lambda x: x, hours=None):
    """`drop` is asked for every place that Hugging Face's BERT drops something at, in the order of the pass."""
    positions = torch.arange(ids.shape[1])
    x = w["bert.embeddings.word_embeddings.weight"][ids]  # [B, T, C]
    types = torch.zeros_like(ids) if types is None else types
    x = x + w["bert.embeddings.position_embeddings.weight"][positions] + w["bert.embeddings.token_type_embeddings.weight"][types]
    if hours is not None:  # 168 is no hour
        x = x + F.pad(w["bert.embeddings.time_embeddings.weight"], (0, 0, 0, 1))[hours]
    hidden = [drop(norm(w, "bert.embeddings.LayerNorm", x))]
    for n in range(L):
        layer = f"bert.encoder.layer.{n}"
        x = hidden[-1]
        x = norm(w, f"{layer}.attention.output.LayerNorm", x + drop(attend(w, layer, x, ids, H, drop)))
        wide = F.gelu(linear(w, f"{layer}.intermediate.dense", x))  # [B, T, F]
        hidden.append(norm(w, f"{layer}.output.LayerNorm", x + drop(linear(w, f"{layer}.output.dense", wide))))
    if "cls.predictions.bias" not in w:
        return torch.stack(hidden), None
    x = F.gelu(linear(w, "cls.predictions.transform.dense", hidden[-1]))
    x = norm(w, "cls.predictions.transform.LayerNorm", x)
    logits = x @ w["bert.embeddings.word_embeddings.weight"].T + w["cls.predictions.bias"]  # [B, T, V]
    return torch.stack(hidden), logits


def make_inputs(random, case):
    """Rows [CLS] pieces [SEP] [PAD]..., some pieces replaced by [MASK] and scored."""
    ids = np.full((len(case["lengths"]), case["T"]), PAD)
    labels = np.full_like(ids, -100)
    for row, length in enumerate(case["lengths"]):
        ids[row, :length] = [2, *random.integers(5, case["V"], max(0, length - 2)), 3]
        for position in range(1, length - 1):
            if position % 3 == 1:
                labels[row, position], ids[row, position] = ids[row, position], 4
    return ids, labels


def config_of(case):
    return {
        "architectures": ["BertForMaskedLM"], "model_type": "bert", "vocab_size": case["V"],
        "hidden_size": case["C"], "num_hidden_layers": case["L"], "num_attention_heads": case["H"],
        "intermediate_size": case["F"], "hidden_act": "gelu", "max_position_embeddings": case["P"],
        "type_vocab_size": 2, "layer_norm_eps": 1e-12, "initializer_range": 0.02, "pad_token_id": 0,
        "hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0,
        "position_embedding_type": "absolute", "tie_word_embeddings": True,
    }


def make_case(name, case, seed):
    random = np.random.default_rng(seed)
    folder = os.path.join(HERE, f"bert-{name}")
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "model.safetensors")
    write_safetensors(path, random_weights(random, case), case["dtype"])
    # Read back: half-precision rounding belongs to the weights, not to the tolerance.
    weights = {key: torch.from_numpy(value).double() for key, value in read_safetensors(path).items()}
    ids, labels = make_inputs(random, case)
    hidden, logits = forward(weights, torch.from_numpy(ids), case["L"], case["H"])
    loss = F.cross_entropy(logits.flatten(0, 1), torch.from_numpy(labels).flatten(), ignore_index=-100)
    result = {
        "made": "PyTorch " + torch.__version__ + ", float64, test/reference/make_bert_reference.py",
        "model": f"bert-{name}", "shapes": {"hidden": list(hidden.shape), "logits": list(logits.shape)},
        "ids": ids.tolist(), "labels": labels.tolist(), "loss": round(loss.item(), 7),
        "hidden": np.round(hidden.numpy(), 6).tolist(), "logits": np.round(logits.numpy(), 6).tolist(),
    }
    write_json(os.path.join(folder, "config.json"), config_of(case), indent=2)
    write_json(os.path.join(HERE, f"bert-{name}.json"), result)


def write_json(path, value, indent=None):
    with open(path, "w") as file:
        json.dump(value, file, indent=indent)
        file.write("\n")


if __name__ == "__main__":
    for seed, (name, case) in enumerate(CASES.items()):
        make_case(name, case, seed)
