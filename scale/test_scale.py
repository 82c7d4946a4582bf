"""Tests of scale/: python3 -m unittest discover -s scale -p 'test_*.py'"""

import json
import os
import sys
import tempfile
import unittest
from unittest.mock import patch

import numpy as np
import torch

from evaluate import seen_elsewhere, summarise
from card import model_card
from export import main as export_main
from folder import read_config, read_model, write_model
from masking import MASK, Masking, choose_hashes, mask_batch, piece_places
from model import Bert, BertConfig
from options import parse_options
from safetensors_io import read_safetensors, write_safetensors
from shards import Split, cut_windows, hash_numbers, make_batch, plan_epoch
from smoke import main as smoke_main, train
from synthetic import write_shards
from train import learning_rate_at

HERE = os.path.dirname(os.path.abspath(__file__))
REFERENCE = os.path.join(HERE, "..", "test", "reference")
SHIPPED = os.path.join(HERE, "..", "public", "models", "japan")
# docs/model.md: what report.json and describe_training say of the large country
SHIPPED_DATA = {
    "name": "simulated country, large, 300000 residents, seed 123",
    "simulated": True,
    "period": {"from": "2023-04-30", "to": "2023-05-31"},
}
SHIPPED_TRAINING = dict(trajectories=210_095, tokens=25_757_214, hash="43b94689")
PIECES = 3


def temporary(test):
    folder = tempfile.TemporaryDirectory()
    test.addCleanup(folder.cleanup)
    return folder.name


def read_log(folder):
    with open(os.path.join(folder, "training.jsonl")) as file:
        return [json.loads(line) for line in file]


def shards(test, **options):
    folder = temporary(test)
    write_shards(folder, **{"pieces": PIECES, "trajectories": 120, **options})
    return folder


class ModelTest(unittest.TestCase):
    def test_equals_the_stored_reference(self):
        for name in ("padded", "long", "half"):
            with open(os.path.join(REFERENCE, f"bert-{name}.json")) as file:
                reference = json.load(file)
            model = read_model(os.path.join(REFERENCE, f"bert-{name}"))
            with torch.no_grad():
                hidden = torch.stack(model.hidden(torch.tensor(reference["ids"])))
                logits = model.logits(hidden[-1])
            np.testing.assert_allclose(hidden.numpy(), reference["hidden"], atol=2e-5)
            np.testing.assert_allclose(logits.numpy(), reference["logits"], atol=5e-5)

    def test_padding_changes_nothing(self):
        model = Bert(BertConfig(40, 16, 2, 2, 32, 16, start="normal")).eval()
        ids = torch.randint(5, 40, (3, 9))
        padded = torch.cat([ids, torch.zeros(3, 4, dtype=torch.long)], 1)
        torch.testing.assert_close(model.hidden(ids)[-1], model.hidden(padded)[-1][:, :9], atol=1e-5, rtol=0)

    def test_only_asked_positions_are_scored(self):
        model = Bert(BertConfig(40, 16, 2, 2, 32, 16, start="normal")).eval()
        ids = torch.randint(5, 40, (2, 7))
        all_logits = model.logits(model.hidden(ids)[-1]).flatten(0, 1)
        torch.testing.assert_close(model(ids, torch.tensor([3, 9])), all_logits[[3, 9]])


class StartTest(unittest.TestCase):
    def test_heads_look_where_they_are_laid_out(self):
        torch.manual_seed(0)
        model = Bert(BertConfig(60, 128, 2, 4, 64, 64, start="heads")).eval()
        ids = torch.randint(5, 60, (4, 40))
        ids[:, 11], ids[:, 31] = 4, 20  # a hidden piece whose twin at 31 follows the same piece
        ids[:, 10] = ids[:, 30] = 7
        with torch.no_grad():
            embedded, mixed, _ = model.hidden(ids)
            first, second = (attention_shares(layer, x) for layer, x in zip(model.bert.encoder.layer, (embedded, mixed)))
        for head, offset in enumerate((-1, 1, -2, 2)):
            shares = first[:, head].diagonal(offset, 1, 2)
            self.assertGreater(shares.mean().item(), 0.7)
        self.assertGreater(second[:, 0, 11, 31].mean().item(), 0.2)


def attention_shares(layer, x):
    """Softmax of a layer's scores, computed from its weights: [B, H, T, T]."""
    parts, (B, T, C) = layer.attention["self"], x.shape
    query, key = (part(x).view(B, T, layer.H, -1).transpose(1, 2) for part in (parts.query, parts.key))
    return (query @ key.transpose(2, 3) / (C // layer.H) ** 0.5).softmax(-1)


class SafetensorsTest(unittest.TestCase):
    def test_round_trip(self):
        path = os.path.join(temporary(self), "x.safetensors")
        tensors = {"b": np.random.randn(3, 5).astype(np.float32), "a": np.float32([1, 2, 3])}
        for dtype, tolerance in (("F32", 0), ("F16", 1e-3)):
            write_safetensors(path, tensors, dtype)
            back = read_safetensors(path)
            self.assertEqual(sorted(back), ["a", "b"])
            for name, array in tensors.items():
                np.testing.assert_allclose(back[name], array, rtol=tolerance)

    def test_a_file_cut_short_is_refused(self):
        path = os.path.join(temporary(self), "x.safetensors")
        write_safetensors(path, {"a": np.zeros(100, np.float32)})
        with open(path, "rb+") as file:
            file.truncate(os.path.getsize(path) - 8)
        with self.assertRaisesRegex(ValueError, "cut short"):
            read_safetensors(path)


class ShardsTest(unittest.TestCase):
    def test_batches_hold_whole_hashes(self):
        split = Split(shards(self), "train")
        for T in (16, 32, 128):
            ids, hash_of = make_batch(split, range(20), T, np.random.default_rng(1))
            self.assertLessEqual(ids.shape[1], T)
            _, size = piece_places(hash_of)
            self.assertEqual(set(size[hash_of >= 0]), {PIECES})
            self.assertTrue((ids[:, 0] == 2).all())
            self.assertTrue(((ids == 3).sum(1) == 1).all())
            self.assertTrue((ids[hash_of >= 0] >= 5).all())
            self.assertTrue((hash_of[ids < 5] == -1).all())

    def test_windows_start_and_end_at_hashes(self):
        split = Split(shards(self), "train")
        for seed in range(20):
            begin, end = cut_windows(split, np.arange(len(split)), 20, np.random.default_rng(seed))
            self.assertLessEqual((end - begin).max(), 18)
            self.assertTrue((split.starts[begin] == 1).all())
            self.assertTrue((begin >= split.offsets[:-1]).all() and (end <= split.offsets[1:]).all())
            self.assertTrue(((end - begin) % PIECES == 0).all())

    def test_an_epoch_visits_each_row_at_most_once_and_nearly_all(self):
        lengths = np.random.default_rng(0).integers(10, 128, 1000)
        steps = plan_epoch(lengths, 8, 3, seed=1, epoch=0)
        rows = np.concatenate([step.ravel() for step in steps])
        self.assertEqual(len(np.unique(rows)), len(rows))
        self.assertGreater(len(rows), 1000 - 24)
        again, other = plan_epoch(lengths, 8, 3, 1, 0), plan_epoch(lengths, 8, 3, 1, 1)
        np.testing.assert_array_equal(np.stack(steps), np.stack(again))
        self.assertFalse(np.array_equal(np.stack(steps), np.stack(other)))

    def test_missing_shards_are_named(self):
        with self.assertRaisesRegex(FileNotFoundError, "footfall tokenise"):
            Split(temporary(self), "train")


class MaskingTest(unittest.TestCase):
    def setUp(self):
        split = Split(shards(self, trajectories=600), "train")
        self.ids, self.hash_of = make_batch(split, range(400), 128)
        self.random = np.random.default_rng(3)

    def test_hashes_are_hidden_whole_at_the_asked_rate(self):
        chosen = choose_hashes(self.hash_of, 0.2, self.random)
        ordinal, _ = piece_places(self.hash_of)
        self.assertTrue((chosen.sum(1) >= PIECES).all())
        for row in range(40):
            for number in range(self.hash_of[row].max() + 1):
                self.assertIn(chosen[row, self.hash_of[row] == number].sum(), (0, PIECES))
        self.assertFalse(chosen[self.hash_of < 0].any())
        cells = self.hash_of >= 0
        self.assertAlmostEqual(chosen[cells].mean(), 0.2, delta=0.02)

    def test_hidden_pieces_become_mask_random_or_stay(self):
        inputs, hidden = mask_batch(self.ids, self.hash_of, Masking(), 37, self.random)
        np.testing.assert_array_equal(inputs[~hidden], self.ids[~hidden])
        self.assertAlmostEqual((inputs[hidden] == MASK).mean(), 0.8, delta=0.03)
        self.assertAlmostEqual((inputs[hidden] == self.ids[hidden]).mean(), 0.1, delta=0.03)
        self.assertGreaterEqual(inputs[hidden & (inputs != MASK)].min(), 5)

    def test_revealed_pieces_are_prefixes(self):
        masking = Masking(reveal=1.0, mask_share=1.0, random_share=0.0)
        inputs, hidden = mask_batch(self.ids, self.hash_of, masking, 37, self.random)
        ordinal, _ = piece_places(self.hash_of)
        shares = [hidden[(self.hash_of >= 0) & (ordinal == k)].mean() for k in range(PIECES)]
        np.testing.assert_allclose(shares, [0.2 / 3, 0.4 / 3, 0.2], atol=0.02)
        following = hidden[:, :-1] & (ordinal[:, 1:] > ordinal[:, :-1])  # a hidden piece hides the later ones
        self.assertTrue(hidden[:, 1:][following].all())
        self.assertTrue((inputs[hidden] == MASK).all())

    def test_same_seed_same_mask(self):
        first = mask_batch(self.ids, self.hash_of, Masking(0.2, 0.5), 37, np.random.default_rng([1, 2]))
        second = mask_batch(self.ids, self.hash_of, Masking(0.2, 0.5), 37, np.random.default_rng([1, 2]))
        np.testing.assert_array_equal(first[0], second[0])

    def test_seen_elsewhere(self):
        ids = np.array([[2, 7, 20, 8, 20, 7, 20, 3]])
        hash_of = np.array([[-1, 0, 0, 1, 1, 2, 2, -1]])
        hidden = np.isin(hash_of, [0, 1])
        ordinal, _ = piece_places(hash_of)
        seen = seen_elsewhere(ids, hash_of, hidden, ordinal)
        self.assertEqual(seen[hidden].tolist(), [True, True, False, False])


class ScheduleTest(unittest.TestCase):
    def test_rises_then_falls_to_zero(self):
        for decay in ("linear", "cosine"):
            options = parse_options(["--data", "d", "--out", "o", "--decay", decay, "--warmup", "0.06"])
            rates = [learning_rate_at(p, options) for p in np.linspace(0, 1, 101)]
            self.assertEqual((rates[0], int(np.argmax(rates))), (0, 6))
            self.assertAlmostEqual(rates[6], options.learning_rate)
            self.assertAlmostEqual(rates[-1], 0)

    def test_a_flag_beats_the_preset(self):
        options = parse_options(["--data", "d", "--out", "o", "--preset", "paper", "--layers", "2"])
        self.assertEqual((options.layers, options.width, options.learning_rate, options.batch), (2, 768, 5e-5, 64))


class EvaluateTest(unittest.TestCase):
    def test_perplexities(self):
        found = summarise([20, 20 * np.log(3), 10 * np.log(5), 10, 4 * np.log(7), 4, 10 * np.log(2)])
        self.assertEqual(list(found.values()), [3.0, 9.0, 5.0, 7.0, 2.0, 10])


class TrainTest(unittest.TestCase):
    def test_a_run_cut_off_and_resumed_equals_an_uninterrupted_one(self):
        data, whole, parts = shards(self), temporary(self), temporary(self)
        train(data, whole, "--steps", "14")
        train(data, parts, "--steps", "14", "--stop-after", "9")
        self.assertNotIn("test", read_config(parts)["footfall"])
        train(data, parts, "--steps", "14")
        first, second = (read_safetensors(os.path.join(folder, "model.safetensors")) for folder in (whole, parts))
        for name in first:
            np.testing.assert_array_equal(first[name], second[name], err_msg=name)
        logs = [read_log(folder) for folder in (whole, parts)]
        self.assertEqual(logs[0][-1]["perplexity"], logs[1][-1]["perplexity"])
        self.assertEqual(logs[0][-1]["tokens"], logs[1][-1]["tokens"])

    def test_minutes_end_on_time(self):
        data, out = shards(self), temporary(self)
        train(data, out, "--minutes", "0.05")
        last = read_log(out)[-1]
        self.assertEqual(last["split"], "test")
        self.assertAlmostEqual(last["seconds"], 3, delta=1)

    def test_two_processes_learn_and_write_the_folder(self):
        out = temporary(self)
        with patch.object(sys, "argv", ["smoke.py", "--out", out, "--steps", "60"]):
            smoke_main()
        with open(os.path.join(out, "model", "config.json")) as file:
            config = json.load(file)
        self.assertEqual(config["architectures"], ["BertForMaskedLM"])
        facts = config["footfall"]
        self.assertEqual(facts["processes"], 2)
        self.assertLess(facts["test"]["perplexity"], 0.9 * facts["initialPerplexity"])
        self.assertEqual(np.load(os.path.join(out, "logits.npy")).shape[2], config["vocab_size"])

    def test_export_halves_the_weights(self):
        folder = temporary(self)
        model = Bert(BertConfig(40, 16, 1, 2, 32, 16, start="normal"))
        write_model(folder, model, {}, "F16")
        back = read_model(folder)
        for (name, old), new in zip(model.state_dict().items(), back.state_dict().values()):
            np.testing.assert_allclose(new, old, atol=1e-3, err_msg=name)

    def test_export_writes_a_card_from_run_and_shards(self):
        data, run, out = shards(self), temporary(self), temporary(self)
        train(data, run, "--steps", "4")
        with patch.object(sys, "argv", ["export.py", "--run", run, "--data", data, "--out", out]):
            export_main()
        with open(os.path.join(out, "README.md")) as file:
            card = file.read()
        split = Split(data, "train")
        tokens = split.tokens
        self.assertIn(f"- Learnt from: {len(split)} trajectories, {len(tokens):,} tokens\n", card)
        self.assertIn(f"- Hash of the training tokens: `{hash_numbers(tokens)}`", card)
        program = rf"scale/train.py of Footfall [\d.]+ with PyTorch {torch.__version__}"
        self.assertRegex(card, rf"4 steps, [\d,]+ tokens seen, \d+ s, seed 123; {program}")
        self.assertRegex(card, r"\| Test \| 4 \| [\d,.]+ \| [\d,.]+ \|")


class CardTest(unittest.TestCase):
    def test_is_the_card_of_footfall_to_the_letter(self):
        with open(os.path.join(REFERENCE, "card-scale.json")) as file:
            asked = json.load(file)
        with open(os.path.join(REFERENCE, "card-scale.md")) as file:
            self.assertEqual(model_card(asked["config"], asked["log"], asked["data"], asked["training"]), file.read())

    def test_the_shipped_card_says_its_files_and_data(self):
        with open(os.path.join(SHIPPED, "README.md")) as file:
            card = file.read()
        written = model_card(read_config(SHIPPED), read_log(SHIPPED), SHIPPED_DATA, SHIPPED_TRAINING)
        self.assertEqual(written, card)

    def test_hash_of_numbers(self):
        self.assertEqual(hash_numbers(np.uint16([1, 2, 515, 65535])), "01958a3c")


if __name__ == "__main__":
    unittest.main()
