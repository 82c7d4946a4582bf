"""Pre-trains BERT by masked trajectory modelling on the shards of `footfall tokenise`.

    python3 scale/train.py --data SHARDS --out RUN --steps 100
    python3 -m torch.distributed.run --standalone --nproc_per_node 3 scale/train.py --data SHARDS --out RUN --minutes 60

One process per core or GPU (gloo or nccl). A run that is cut off goes on from its checkpoint when started
again with the same command. See docs/scale.md.
"""

import json
import math
import os
import sys
import time

import numpy as np
import torch
import torch.distributed as dist
from torch.nn.functional import cross_entropy
from torch.nn.parallel import DistributedDataParallel

from cpu import fastest_compute, prepare_cpu
from evaluate import evaluate, summarise
from folder import copy_tokeniser, write_model
from masking import Masking, mask_batch
from model import Bert, BertConfig
from options import parse_options, recipe, versions
from shards import Split, make_batch, plan_epoch, vocabulary_size


def learning_rate_at(progress, options):
    """Linear rise over the first `warmup` of the run, then linear or cosine decay to 0."""
    if progress < options.warmup:
        return options.learning_rate * progress / options.warmup
    left = (1 - min(progress, 1.0)) / (1 - options.warmup)
    return options.learning_rate * (left if options.decay == "linear" else 0.5 - 0.5 * math.cos(math.pi * left))


def make_model(options, vocabulary, device):
    torch.manual_seed(options.seed)
    compute = fastest_compute(device) if options.compute == "auto" else getattr(torch, options.compute)
    config = BertConfig(
        vocabulary, options.width, options.layers, options.heads, options.feed_forward, options.max_length,
        dropout=options.dropout, start=options.start,
    )
    return Bert(config, compute).to(device)


def make_optimiser(model, options):
    """AdamW; biases and LayerNorm are not decayed."""
    matrices = [p for p in model.parameters() if p.dim() > 1]
    vectors = [p for p in model.parameters() if p.dim() == 1]
    groups = [dict(params=matrices, weight_decay=options.weight_decay), dict(params=vectors, weight_decay=0.0)]
    return torch.optim.AdamW(groups, betas=(options.beta1, options.beta2), foreach=True)


class Run:
    """One training run: what stays, what a checkpoint holds (model, optimiser, step, tokens, seconds) and its log."""

    def __init__(self, options):
        self.options = options
        self.rank, self.world = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        if self.device == "cuda":
            torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", 0)))
        if self.world > 1:
            dist.init_process_group("nccl" if self.device == "cuda" else "gloo")
        self.split = Split(options.data, "train")
        self.vocabulary = vocabulary_size(options.data)
        self.lengths = self.split.lengths(options.max_length)
        self.model = make_model(options, self.vocabulary, self.device)
        self.parallel = DistributedDataParallel(self.model) if self.world > 1 else self.model
        self.optimiser = make_optimiser(self.model, options)
        self.masking = Masking(options.mask_rate, options.reveal, options.mask_share, options.random_share)
        self.step = self.tokens = self.evaluated = 0
        self.before, self.validation = None, None
        self.resume()
        self.started = time.monotonic() - self.seconds
        self.saved = time.monotonic()
        self.recent = []

    # Checkpoint and log

    def path(self, name):
        return os.path.join(self.options.out, name)

    def resume(self):
        self.seconds = 0.0
        if self.rank == 0:
            os.makedirs(self.options.out, exist_ok=True)
        if os.path.exists(self.path("checkpoint.pt")) and not self.options.fresh:
            kept = torch.load(self.path("checkpoint.pt"), map_location=self.device)
            self.model.load_state_dict(kept["model"])
            self.optimiser.load_state_dict(kept["optimiser"])
            for name in ("step", "tokens", "seconds", "evaluated", "before", "validation"):
                setattr(self, name, kept[name])
        if self.rank == 0:
            trim_log(self.path("training.jsonl"), self.step)

    def save(self):
        """Process 0 writes the state after a report, when no count is pending."""
        self.saved = time.monotonic()
        if self.rank != 0:
            return
        kept = {name: getattr(self, name) for name in ("step", "tokens", "seconds", "evaluated", "before", "validation")}
        kept.update(model=self.model.state_dict(), optimiser=self.optimiser.state_dict())
        torch.save(kept, self.path("checkpoint.pt.part"))
        os.replace(self.path("checkpoint.pt.part"), self.path("checkpoint.pt"))
        self.write_folder()

    def write_folder(self, **scores):
        """The Hugging Face folder as it stands, so that an unfinished run can be looked at in the app."""
        facts = dict(
            recipe=recipe(self.options), versions=versions(), processes=self.world, steps=self.step, tokens=self.tokens,
            seconds=round(self.seconds), compute=str(self.model.compute).replace("torch.", ""),
            initialPerplexity=self.before["perplexity"], initial=self.before, validation=self.validation, **scores,
        )
        write_model(self.options.out, self.model, facts)
        copy_tokeniser(self.options.data, self.options.out)

    def log(self, split, **values):
        if self.rank == 0:
            line = dict(step=self.step, tokens=self.tokens, split=split, seconds=round(self.seconds, 1), **values)
            with open(self.path("training.jsonl"), "a") as file:
                file.write(json.dumps(line) + "\n")
            print(json.dumps(line), flush=True)

    # Agreement between processes

    def agree(self, value):
        """Process 0's number in every process."""
        if self.world == 1:
            return value
        shared = torch.tensor([value], dtype=torch.float64, device=self.device)
        dist.broadcast(shared, 0)
        return shared.item()

    def add_up(self, sums):
        shared = torch.as_tensor(np.asarray(sums), dtype=torch.float64, device=self.device)
        if self.world > 1:
            dist.all_reduce(shared)
        return shared.tolist()

    # Training

    def progress(self, steps):
        self.seconds = self.agree(time.monotonic() - self.started)
        return self.seconds / (60 * self.options.minutes) if self.options.minutes else self.step / steps

    def train(self):
        o = self.options
        per_epoch = len(self.lengths) // (o.batch * self.world)
        steps = o.steps or max(1, round(o.epochs * per_epoch))
        plan, planned = None, None
        while (progress := self.progress(steps)) < 1:
            if progress * o.evaluations >= self.evaluated:
                self.validate()
            epoch, place = divmod(self.step, per_epoch)
            if epoch != planned:
                plan, planned = plan_epoch(self.lengths, o.batch, self.world, o.seed, epoch), epoch
            rate = learning_rate_at(progress, o)
            self.train_step(plan[place][self.rank], epoch, rate)
            stop = self.step == o.stop_after
            if stop or self.step % o.log_every == 0:
                self.report(rate)
                if stop or time.monotonic() - self.saved > 60 * o.checkpoint_minutes:
                    self.save()
            if stop:
                return False
        return True

    def train_step(self, rows, epoch, learning_rate):
        o = self.options
        random = np.random.default_rng([o.seed, self.rank, epoch, self.step])
        ids, hash_of = make_batch(self.split, rows, o.max_length, random)
        inputs, hidden = mask_batch(ids, hash_of, self.masking, self.vocabulary, random)
        if o.dropout:
            torch.manual_seed(int(random.integers(2**31)))
        places = torch.from_numpy(np.flatnonzero(hidden)).to(self.device)
        targets = torch.from_numpy(ids[hidden]).to(self.device)
        loss = cross_entropy(self.parallel(torch.from_numpy(inputs).to(self.device), places), targets)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), o.clip)
        for group in self.optimiser.param_groups:
            group["lr"] = learning_rate
        self.optimiser.step()
        self.step += 1
        self.recent.append([float(loss.detach()), int((ids > 0).sum())])

    def report(self, learning_rate):
        loss, tokens = self.add_up(np.sum(self.recent, 0))
        loss /= len(self.recent) * self.world
        self.tokens += int(tokens)
        self.recent = []
        if not math.isfinite(loss):
            raise FloatingPointError(f"the loss is {loss} at step {self.step}; the checkpoint holds the state before")
        self.log("train", loss=round(loss, 5), perplexity=round(math.exp(loss), 3), learningRate=round(learning_rate, 8))

    def score(self, name, sequences):
        split = Split(self.options.data, name)
        o = self.options
        sums = evaluate(
            self.model, split, o.max_length, o.mask_rate, sequences, seed=o.seed, rank=self.rank, world=self.world, device=self.device
        )
        return summarise(self.add_up(sums))

    def validate(self):
        scores = self.score("validation", self.options.eval_sequences)
        self.before = self.before or scores
        self.validation = scores
        self.evaluated += 1
        self.log("validation", loss=round(math.log(scores["perplexity"]), 5), **scores)

    def finish(self):
        self.validate()
        test = self.score("test", self.options.test_sequences)
        self.log("test", loss=round(math.log(test["perplexity"]), 5), **test)
        self.save()
        if self.rank == 0:
            self.write_folder(test=test)


def trim_log(path, step):
    """Drops the lines that a run wrote after its last checkpoint."""
    if not os.path.exists(path):
        return
    with open(path) as file:
        lines = [line for line in file if line.endswith("\n") and step and json.loads(line)["step"] <= step]
    with open(path + ".part", "w") as file:
        file.writelines(lines)
    os.replace(path + ".part", path)


def leave():
    """Ends this process without its destructors. Under torch 1.13 gloo's thread may free a tensor, for which it
    needs Python's lock, while the destructor holds the lock and waits for that thread: one run in several hung."""
    dist.barrier()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def main():
    options = parse_options()
    prepare_cpu(options.threads)
    run = Run(options)
    if run.train():
        run.finish()
    if run.world > 1:
        leave()


if __name__ == "__main__":
    main()
