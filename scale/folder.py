"""The Hugging Face folder: config.json, model.safetensors, tokenizer.json with its configuration, training.jsonl."""

import json
import os
import shutil

import torch

from model import Bert, BertConfig
from safetensors_io import read_safetensors, write_safetensors

SIZES = ("vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size", "max_position_embeddings")


def config_json(config, footfall):
    """Keys of Hugging Face's BertConfig; what is ours stands under "footfall"."""
    return {
        "architectures": ["BertForMaskedLM"],
        "model_type": "bert",
        **{name: getattr(config, name) for name in SIZES},
        "hidden_act": "gelu",
        "hidden_dropout_prob": config.dropout,
        "attention_probs_dropout_prob": config.dropout,
        "initializer_range": config.initializer_range,
        "layer_norm_eps": config.layer_norm_eps,
        "pad_token_id": 0,
        "position_embedding_type": "absolute",
        "tie_word_embeddings": True,
        "type_vocab_size": 2,
        "footfall": footfall,
    }


def write_model(folder, model, footfall, dtype="F32"):
    """Writes config.json and model.safetensors; the decoder is tied to the word embeddings and not stored twice."""
    os.makedirs(folder, exist_ok=True)
    tensors = {name: value.detach().float().cpu().numpy() for name, value in model.state_dict().items()}
    write_safetensors(os.path.join(folder, "model.safetensors"), tensors, dtype)
    write_json(os.path.join(folder, "config.json"), config_json(model.config, footfall))


def read_config(folder):
    with open(os.path.join(folder, "config.json")) as file:
        return json.load(file)


def read_model(folder, compute=torch.float32):
    """The model of a folder, in evaluation mode; raises where a tensor is missing, unknown or of another shape."""
    written = read_config(folder)
    config = BertConfig(**{name: written[name] for name in SIZES}, layer_norm_eps=written["layer_norm_eps"], start="normal")
    model = Bert(config, compute)
    tensors = read_safetensors(os.path.join(folder, "model.safetensors"))
    model.load_state_dict({name: torch.from_numpy(value) for name, value in tensors.items()})
    return model.eval()


SPECIAL = ("pad", "unk", "cls", "sep", "mask")


def copy_tokeniser(data, folder):
    """With tokenizer_config.json AutoTokenizer takes tokenizer.json as it stands; BERT's class would cut pieces at their slash."""
    path = os.path.join(data, "tokenizer.json")
    if os.path.exists(path):
        shutil.copyfile(path, os.path.join(folder, "tokenizer.json"))
        names = {f"{name}_token": f"[{name.upper()}]" for name in SPECIAL}
        write_json(os.path.join(folder, "tokenizer_config.json"), {"tokenizer_class": "PreTrainedTokenizerFast", **names})


def write_json(path, value):
    with open(path + ".part", "w") as file:
        json.dump(value, file, indent=2)
        file.write("\n")
    os.replace(path + ".part", path)
