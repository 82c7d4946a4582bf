"""BERT for masked trajectories: the architecture, tensor names and shapes of Hugging Face's BertForMaskedLM.

Post-LN encoder, exact GELU, learned positions, output tied to the word embeddings. Parameters and the
residual stream are float32; matrix products, softmax and GELU run in `compute` (bfloat16 is six times
faster than float32 on a CPU with AMX, LayerNorm in bfloat16 is ten times slower: it stays in float32).
"""

import math
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn.functional import gelu, layer_norm, linear

from start import lay_out_heads

PAD, UNK, CLS, SEP, MASK = range(5)


@dataclass
class BertConfig:
    vocab_size: int
    hidden_size: int = 128
    num_hidden_layers: int = 4
    num_attention_heads: int = 4
    intermediate_size: int = 512
    max_position_embeddings: int = 128
    layer_norm_eps: float = 1e-12
    initializer_range: float = 0.02
    dropout: float = 0.0
    start: str = "sinusoidal"  # of the weights: "sinusoidal" positions, "heads" (start.py) or "normal", all N(0, 0.02)


class Linear(nn.Linear):
    def forward(self, x):
        return linear(x, self.weight.to(x.dtype), self.bias.to(x.dtype))


class LayerNorm(nn.Module):
    def __init__(self, size, eps):
        super().__init__()
        self.weight, self.bias, self.eps = nn.Parameter(torch.ones(size)), nn.Parameter(torch.zeros(size)), eps

    def forward(self, x):
        return layer_norm(x, self.weight.shape, self.weight, self.bias, self.eps)


def group(**modules):
    """A module that only gives its parts the names that Hugging Face gives them."""
    parent = nn.Module()
    for name, module in modules.items():
        parent.add_module(name, module)
    return parent


class Layer(nn.Module):
    def __init__(self, c):
        super().__init__()
        C, F, eps = c.hidden_size, c.intermediate_size, c.layer_norm_eps
        self.H, self.dropout = c.num_attention_heads, nn.Dropout(c.dropout)
        heads = group(query=Linear(C, C), key=Linear(C, C), value=Linear(C, C))
        self.attention = nn.ModuleDict({"self": heads, "output": group(dense=Linear(C, C), LayerNorm=LayerNorm(C, eps))})
        self.intermediate = group(dense=Linear(C, F))
        self.output = group(dense=Linear(F, C), LayerNorm=LayerNorm(C, eps))

    def attend(self, x, bias):
        B, T, C = x.shape
        parts, scale = self.attention["self"], (C // self.H) ** -0.5
        weight = torch.cat([parts.query.weight * scale, parts.key.weight, parts.value.weight])  # [3C, C]
        offset = torch.cat([parts.query.bias * scale, parts.key.bias, parts.value.bias])
        heads = linear(x, weight.to(x.dtype), offset.to(x.dtype)).view(B, T, 3, self.H, C // self.H)
        query, key, value = heads.permute(2, 0, 3, 1, 4).reshape(3, B * self.H, T, C // self.H)  # 3 x [BH, T, D]
        scores = torch.bmm(query, key.transpose(1, 2)).view(B, self.H, T, T) + bias  # [B, H, T, T]
        shares = self.dropout(scores.softmax(-1)).view(B * self.H, T, T)  # [BH, T, T]
        return torch.bmm(shares, value).view(B, self.H, T, -1).transpose(1, 2).reshape(B, T, C)  # [B, T, C]

    def forward(self, x, bias, compute, places=None):
        """[B, T, C] -> [B, T, C], or only the rows at flat `places` -> [M, C]: the last layer owes no others."""
        mixed = self.attend(x.to(compute), bias)
        if places is not None:
            mixed, x = (part.flatten(0, 1).index_select(0, places) for part in (mixed, x))
        x = self.attention["output"].LayerNorm(x + self.dropout(self.attention["output"].dense(mixed)))
        wide = gelu(self.intermediate.dense(x.to(compute)))  # [B, T, F]
        return self.output.LayerNorm(x + self.dropout(self.output.dense(wide)))


class Bert(nn.Module):
    def __init__(self, config, compute=torch.float32):
        super().__init__()
        self.config, self.compute = config, compute
        C, V, eps = config.hidden_size, config.vocab_size, config.layer_norm_eps
        embeddings = group(
            word_embeddings=nn.Embedding(V, C),
            position_embeddings=nn.Embedding(config.max_position_embeddings, C),
            token_type_embeddings=nn.Embedding(2, C),
            LayerNorm=LayerNorm(C, eps),
        )
        layers = nn.ModuleList(Layer(config) for _ in range(config.num_hidden_layers))
        self.bert = group(embeddings=embeddings, encoder=group(layer=layers))
        transform = group(dense=Linear(C, C), LayerNorm=LayerNorm(C, eps))
        self.cls = group(predictions=group(transform=transform))
        self.cls.predictions.register_parameter("bias", nn.Parameter(torch.zeros(V)))
        self.initialise()

    def initialise(self):
        for name, parameter in self.named_parameters():
            if parameter.dim() == 2:
                nn.init.normal_(parameter, 0.0, self.config.initializer_range)
            elif not name.endswith("LayerNorm.weight"):
                nn.init.zeros_(parameter)
        if self.config.start == "sinusoidal":
            table = self.bert.embeddings.position_embeddings.weight
            table.data = sinusoids(*table.shape) * self.config.initializer_range * math.sqrt(2)
        elif self.config.start == "heads":
            lay_out_heads(self)

    def hidden(self, ids, places=None):
        """Hidden states after the embeddings and after each layer, L + 1 of [B, T, C]; 0 = [PAD] is not attended to.

        With flat `places` [M] the last one is [M, C]."""
        e = self.bert.embeddings
        x = e.word_embeddings(ids) + e.position_embeddings.weight[: ids.shape[1]] + e.token_type_embeddings.weight[0]
        states = [e.LayerNorm(x)]
        bias = torch.zeros(ids.shape, dtype=self.compute, device=ids.device)  # [B, T]
        bias = bias.masked_fill(ids == PAD, -1e9)[:, None, None, :]
        *layers, last = self.bert.encoder.layer
        for layer in layers:
            states.append(layer(states[-1], bias, self.compute))
        return [*states, last(states[-1], bias, self.compute, places)]

    def logits(self, x):
        """Vocabulary scores of hidden states: [..., C] -> [..., V]."""
        head = self.cls.predictions
        x = head.transform.LayerNorm(gelu(head.transform.dense(x.to(self.compute))).float()).to(self.compute)
        table = self.bert.embeddings.word_embeddings.weight.to(self.compute)
        return linear(x, table, head.bias.to(self.compute)).float()

    def forward(self, ids, places):
        """Scores at the masked places only: ids [B, T], flat places [M] -> [M, V]."""
        return self.logits(self.hidden(ids, places)[-1])


def sinusoids(positions, width):
    """Table of sines and cosines of geometrically spaced wavelengths (Vaswani et al. 2017, section 3.5): [P, C]."""
    rates = torch.exp(torch.arange(0, width, 2) * (-math.log(10000.0) / width))
    angles = torch.arange(positions)[:, None] * rates  # [P, C / 2]
    return torch.stack([angles.sin(), angles.cos()], -1).flatten(1)
