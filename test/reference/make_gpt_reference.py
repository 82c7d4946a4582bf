"""Reference values for the GPT on points: hidden states of every block, predictions, loss, gradients, AdamW.

Written with torch.nn.functional from the published architecture (RAW: arXiv 2311.10471 and its code
Rising0321/RAW: point encoder, learned positions, pre-LayerNorm blocks with Swish, additive causal mask of -1e4,
head of three layers, MSE of the next point), computed in float64.

    /usr/bin/python3 test/reference/make_gpt_reference.py

Writes, beside this script, for each case a folder gpt-<case>/ (config.json, model.safetensors) and gpt-<case>.json:
windows of T + 1 points, how many of them are there, hidden states after the embeddings, after each block and after
the final norm [L + 2, B, T, C], predictions [B, T, 2], the loss (mean over predicted points and both coordinates),
its gradients and the parameters after 20 steps of torch.optim.AdamW (float32 in base64). Epsilon is 1e-4: with 1e-8 a
gradient that is 0 but for rounding (the keys' biases) moves its parameter by a whole step, this way or that.
"""

import os

import numpy as np
import torch
import torch.nn.functional as F

from make_bert_reference import HERE, linear, read_safetensors, write_json, write_safetensors
from make_training_reference import encode

CASES = {
    "padded": dict(C=16, H=2, L=2, P=12, T=8, lengths=[9, 7, 4], causal=True),
    "odd": dict(C=24, H=3, L=1, P=32, T=17, lengths=[18, 12], causal=True),
    "open": dict(C=16, H=4, L=1, P=8, T=8, lengths=[9, 5], causal=False),
}
MASK = -1e4
STEPS = 20
ADAMW = dict(learningRate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-4, weightDecay=0.1, clip=1.0)
BOX = [39.442078, 115.416827, 41.058964, 117.508217]


def shapes_of(C, L, P, **_):
    encoder, head = "gpt.embeddings.point_encoder", "point_head"
    dense = {f"{encoder}.inner": (2 * C, 2), f"{encoder}.outer": (C, 2 * C)}
    dense |= {f"{head}.inner": (4 * C, C), f"{head}.outer": (C, 4 * C), f"{head}.output": (2, C)}
    norms = ["gpt.decoder.LayerNorm"]
    for n in range(L):
        layer = f"gpt.decoder.layer.{n}"
        for part in ("self.query", "self.key", "self.value", "output.dense"):
            dense[f"{layer}.attention.{part}"] = (C, C)
        dense |= {f"{layer}.intermediate.dense": (4 * C, C), f"{layer}.output.dense": (C, 4 * C)}
        norms += [f"{layer}.attention.LayerNorm", f"{layer}.intermediate.LayerNorm"]
    return dense, norms


def random_weights(random, case):
    """Weights large enough that every nonlinearity bends; biases and LayerNorm away from 0 and 1."""
    dense, norms = shapes_of(**case)
    weights = {"gpt.embeddings.position_embeddings.weight": random.normal(0, 0.5, (case["P"], case["C"]))}
    for name, shape in dense.items():
        weights[name + ".weight"] = random.normal(0, 0.7 / shape[1] ** 0.5, shape)
        weights[name + ".bias"] = random.normal(0, 0.2, shape[:1])
    for name in norms:
        weights[name + ".weight"] = random.normal(1, 0.2, (case["C"],))
        weights[name + ".bias"] = random.normal(0, 0.2, (case["C"],))
    return weights


def norm(w, name, x):
    return F.layer_norm(x, x.shape[-1:], w[name + ".weight"], w[name + ".bias"], 1e-5)


def attend(w, layer, x, mask, H):
    B, T, C = x.shape
    heads = [linear(w, f"{layer}.attention.self.{part}", x).view(B, T, H, C // H) for part in ("query", "key", "value")]
    query, key, value = heads  # [B, T, H, D]
    scores = torch.einsum("bihd,bjhd->bhij", query, key) / (C // H) ** 0.5 + mask  # [B, H, T, T]
    mixed = torch.einsum("bhij,bjhd->bihd", scores.softmax(-1), value).reshape(B, T, C)
    return linear(w, f"{layer}.attention.output.dense", mixed)


def mask_of(case, T):
    """What is added to the scores: RAW's causal mask, or none; without it the points that fill up are hidden."""
    if case["causal"]:
        return MASK * torch.triu(torch.ones(T, T, dtype=torch.float64), 1)
    filled = torch.arange(T)[None] >= torch.tensor(case["lengths"])[:, None] - 1  # [B, T]
    return MASK * filled.double()[:, None, None, :]


def forward(w, x, case):
    T = x.shape[1]
    mask = mask_of(case, T)
    x = linear(w, "gpt.embeddings.point_encoder.outer", F.relu(linear(w, "gpt.embeddings.point_encoder.inner", x)))
    hidden = [x + w["gpt.embeddings.position_embeddings.weight"][:T]]
    for n in range(case["L"]):
        layer = f"gpt.decoder.layer.{n}"
        x = hidden[-1] + attend(w, layer, norm(w, f"{layer}.attention.LayerNorm", hidden[-1]), mask, case["H"])
        wide = F.silu(linear(w, f"{layer}.intermediate.dense", norm(w, f"{layer}.intermediate.LayerNorm", x)))
        hidden.append(x + linear(w, f"{layer}.output.dense", wide))
    hidden.append(norm(w, "gpt.decoder.LayerNorm", hidden[-1]))
    wide = F.relu(linear(w, "point_head.inner", hidden[-1]))
    return torch.stack(hidden), linear(w, "point_head.output", F.relu(linear(w, "point_head.outer", wide)))


def loss_of(w, windows, case):
    _, predictions = forward(w, windows[:, :-1], case)
    T = case["T"]
    is_there = torch.arange(T)[None] < torch.tensor(case["lengths"])[:, None] - 1  # [B, T]
    return ((predictions - windows[:, 1:]) ** 2)[is_there].mean()


def train(w, windows, case):
    betas = (ADAMW["beta1"], ADAMW["beta2"])
    optimiser = torch.optim.AdamW(
        w.values(), lr=ADAMW["learningRate"], betas=betas, eps=ADAMW["epsilon"], weight_decay=ADAMW["weightDecay"]
    )
    losses, norms = [], []
    for _ in range(STEPS):
        optimiser.zero_grad()
        loss = loss_of(w, windows, case)
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(w.values(), ADAMW["clip"]).item())
        losses.append(loss.item())
        optimiser.step()
    return losses, norms


def config_of(case):
    return {
        "architectures": ["FootfallGpt"], "model_type": "footfall-gpt", "hidden_size": case["C"],
        "num_hidden_layers": case["L"], "num_attention_heads": case["H"], "hidden_act": "swish",
        "max_position_embeddings": case["P"], "layer_norm_eps": 1e-5, "is_causal": case["causal"], "box": BOX,
        "interval_minutes": 15,
    }


def make_case(name, case, seed):
    random = np.random.default_rng(seed)
    folder = os.path.join(HERE, f"gpt-{name}")
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "model.safetensors")
    write_safetensors(path, random_weights(random, case))
    read = read_safetensors(path)
    w = {key: torch.from_numpy(value).double().requires_grad_() for key, value in read.items()}
    stored = np.round(random.uniform(-1, 1, (len(case["lengths"]), case["T"] + 1, 2)), 4)
    windows = torch.from_numpy(stored.astype(np.float32)).double()
    hidden, predictions = forward(w, windows[:, :-1], case)
    loss = loss_of(w, windows, case)
    loss.backward()
    result = {
        "made": f"PyTorch {torch.__version__}, float64, test/reference/make_gpt_reference.py",
        "model": f"gpt-{name}", "windows": stored.tolist(), "lengths": case["lengths"], "loss": loss.item(),
        "hidden": np.round(hidden.detach().numpy(), 6).tolist(),
        "predictions": np.round(predictions.detach().numpy(), 6).tolist(),
        "gradients": encode({key: value.grad for key, value in w.items()}),
    }
    losses, norms = train(w, windows, case)
    result.update(adamw=ADAMW, losses=losses, norms=norms, parameters=encode(w))
    write_json(os.path.join(folder, "config.json"), config_of(case), indent=2)
    write_json(os.path.join(HERE, f"gpt-{name}.json"), result)


if __name__ == "__main__":
    for seed, (name, case) in enumerate(CASES.items()):
        make_case(name, case, seed)
