import fc from "fast-check";
import { expect, test } from "vitest";
import { IGNORED } from "../token/masking";
import type { Corpus } from "../token/read-shards";
import { CLS, PAD, SEP } from "../token/tokeniser";
import {
  countMasked,
  maskTrainingRow,
  paddedPlaces,
  planEpoch,
  readSequence,
  toMaskedRows,
} from "./batches";
import type { PretrainConfig } from "./config";
import { PRESETS } from "./config";

const V = 60;

/** Trajectories of check-ins of 1 to 3 pieces. */
const corpora = fc
  .array(fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 40 }), {
    minLength: 12,
    maxLength: 40,
  })
  .map((rows): Corpus => {
    const starts = rows.flatMap((hashes) => hashes.flatMap((k) => [1, 0, 0].slice(0, k)));
    const offsets = rows.map((hashes) => hashes.reduce((sum, k) => sum + k, 0));
    for (let k = 1; k < offsets.length; k++) offsets[k]! += offsets[k - 1]!;
    return {
      tokens: Uint16Array.from(starts, (_, n) => 5 + ((n * 7) % (V - 5))),
      starts: Uint8Array.from(starts),
      offsets: Uint32Array.from([0, ...offsets]),
    };
  });

const CONFIG: PretrainConfig = { ...PRESETS.tiny, batch: 3, accumulation: 2, maxLength: 24 };

test("an epoch takes whole steps of different rows, and every seed and epoch its own order", () => {
  fc.assert(
    fc.property(corpora, (corpus) => {
      const steps = planEpoch(corpus, CONFIG, 4);
      const rows = steps.flatMap((step) => [...step]);
      expect(steps.every((step) => step.length === 6)).toBe(true);
      expect(new Set(rows).size).toBe(rows.length);
      expect(steps.length).toBe(Math.floor((corpus.offsets.length - 1) / 6));
      expect(planEpoch(corpus, CONFIG, 4)).toEqual(steps);
    }),
  );
});

test("a window holds whole check-ins of its trajectory and fits", () => {
  fc.assert(
    fc.property(corpora, fc.integer({ min: 0, max: 11 }), fc.nat(1000), (corpus, row, at) => {
      const random = { uniform: () => 0, integer: (n: number) => at % n, normal: () => 0 };
      const { tokens, T, cellOf } = readSequence(corpus, row, { maxLength: 24, random });
      expect(T).toBeLessThanOrEqual(24);
      expect([tokens[0], tokens[T - 1]]).toEqual([CLS, SEP]);
      const [from, to] = [corpus.offsets[row]!, corpus.offsets[row + 1]!];
      const all = [...corpus.tokens.subarray(from, to)];
      const inner = [...tokens.subarray(1, T - 1)];
      const places = all.map((_, n) => from + n).filter((n) => corpus.starts[n] === 1);
      const isThere = (start: number): boolean =>
        inner.every((token, n) => corpus.tokens[start + n] === token) &&
        (start + inner.length === to || corpus.starts[start + inner.length] === 1);
      expect(places.some(isThere)).toBe(true);
      expect(cellOf[1]).toBe(0);
      if (all.length <= 22) expect(inner).toEqual(all);
    }),
  );
});

test("masked rows come side by side, each place with its label and its share of the loss", () => {
  fc.assert(
    fc.property(corpora, fc.integer({ min: 0, max: 5 }), (corpus, epoch) => {
      const masked = [0, 1, 2].map((row) => maskTrainingRow(corpus, row, epoch, CONFIG, V));
      const count = countMasked(masked);
      const rows = toMaskedRows(masked, 1 / count, 24);
      expect(rows.T % 8).toBe(0);
      expect(rows.places.length % 16).toBe(0);
      expect(rows.weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
      for (let m = 0; m < count; m++) {
        const [b, t] = [Math.floor(rows.places[m]! / rows.T), rows.places[m]! % rows.T];
        expect(masked[b]!.labels[t]).toBe(rows.labels[m]);
        expect(rows.labels[m]).not.toBe(IGNORED);
      }
      masked.forEach(({ tokens }, b) => {
        expect(rows.tokens[b * rows.T]).toBe(CLS);
        if (tokens.length < rows.T) expect(rows.tokens[b * rows.T + tokens.length]).toBe(PAD);
      });
    }),
  );
});

test("masked places come in few numbers, an eighth too many at most", () => {
  const counts = Array.from({ length: 4096 }, (_, n) => n + 1);
  const padded = counts.map(paddedPlaces);
  expect(new Set(padded).size).toBeLessThan(50);
  padded.forEach((M, n) => {
    expect(M % 16).toBe(0);
    expect(M).toBeGreaterThanOrEqual(counts[n]!);
    expect(M - counts[n]!).toBeLessThan(Math.max(16, counts[n]! / 8));
  });
});

test("masks are drawn anew each epoch, or kept", () => {
  const corpus = fc.sample(corpora, { seed: 3, numRuns: 1 })[0]!;
  const labels = (masks: "fresh" | "fixed", epoch: number): number[][] =>
    Array.from({ length: 10 }, (_, row) => [
      ...maskTrainingRow(corpus, row, epoch, { ...CONFIG, masks }, V).labels,
    ]);
  expect(labels("fixed", 0)).toEqual(labels("fixed", 1));
  expect(labels("fresh", 0)).not.toEqual(labels("fresh", 1));
  expect(labels("fresh", 1)).toEqual(labels("fresh", 1));
});

/** The same people, each check-in with its hour, and some with a number. */
const extendedCorpora = fc
  .tuple(corpora, fc.constantFrom(0, 3), fc.constantFrom("none" as const, "week" as const))
  .map(([corpus, users, times]): Corpus => {
    let hash = -1;
    const hours = corpus.starts.map((start) => (13 * (hash += start)) % 168);
    const rows = corpus.offsets.length - 1;
    return {
      ...corpus,
      hours,
      extras: { users, times, first: V },
      users: Uint16Array.from({ length: rows }, (_, row) => (row % (users + 2)) % (users + 1)),
    };
  });

test("a window keeps its person behind [CLS] and each check-in its hour, wherever it is cut", () => {
  fc.assert(
    fc.property(
      extendedCorpora,
      fc.integer({ min: 0, max: 11 }),
      fc.nat(1000),
      (corpus, row, at) => {
        const random = { uniform: () => 0, integer: (n: number) => at % n, normal: () => 0 };
        const { tokens, T, cellOf, hours } = readSequence(corpus, row, { maxLength: 24, random });
        const { users, times, first } = corpus.extras!;
        const head = users > 0 ? [CLS, first + corpus.users![row]!] : [CLS];
        expect(T).toBeLessThanOrEqual(24);
        expect([...tokens.subarray(0, head.length), tokens[T - 1]]).toEqual([...head, SEP]);
        const firstTime = first + (users > 0 ? users + 1 : 0);
        tokens.forEach((token, t) => {
          const begins = cellOf[t]! >= 0 && cellOf[t] !== cellOf[t - 1];
          if (times === "week" && begins) expect(tokens[t - 1]).toBe(firstTime + hours![t]!);
          expect(cellOf[t]! < 0).toBe(token >= first || token === CLS || token === SEP);
        });
        expect(cellOf.filter((_, t) => tokens[t]! >= firstTime).length).toBe(
          times === "week" ? cellOf.reduce((most, cell) => Math.max(most, cell + 1), 0) : 0,
        );
        const pieces = [...tokens].filter((_, t) => cellOf[t]! >= 0);
        const [from, to] = [corpus.offsets[row]!, corpus.offsets[row + 1]!];
        const isThere = (start: number): boolean =>
          pieces.every((piece, n) => corpus.tokens[start + n] === piece);
        const places = Array.from({ length: to - from }, (_, n) => from + n);
        expect(places.some((start) => corpus.starts[start] === 1 && isThere(start))).toBe(true);
        const bare = readSequence(corpus, row, { maxLength: 24, isBare: true });
        expect(bare.tokens.every((token) => token < first)).toBe(true);
      },
    ),
  );
});

test("no mask ever hides an extra token or shows one in place of a piece", () => {
  fc.assert(
    fc.property(extendedCorpora, fc.nat(9), (corpus, epoch) => {
      const { first } = corpus.extras!;
      const size = first + 172;
      let extras = 0;
      for (let row = 0; row < corpus.offsets.length - 1; row++) {
        const config = { ...CONFIG, maskRate: 0.5, maxLength: 200 };
        const { tokens, labels } = maskTrainingRow(corpus, row, epoch, config, size);
        const shown = Array.from(tokens).filter((token) => token >= first).length;
        extras += shown;
        const isBare = shown === 0;
        labels.forEach((label, t) => {
          if (label === IGNORED) return;
          expect(label).toBeLessThan(first);
          expect(tokens[t]).toBeLessThan(first);
        });
        const { users, times } = corpus.extras!;
        const truth = readSequence(corpus, row, { maxLength: 200, isBare });
        const all = Array.from(truth.tokens).filter((token) => token >= first).length;
        expect(shown).toBe(all);
        if (users === 0 && times === "none") expect(shown).toBe(0);
      }
      const { users, times } = corpus.extras!;
      if (users > 0 || times === "week") expect(extras).toBeGreaterThan(0);
    }),
  );
});

test("rows of an epoch are sorted by all their tokens", () => {
  fc.assert(
    fc.property(extendedCorpora, (corpus) => {
      const config = { ...CONFIG, batch: 2, accumulation: 1, maxLength: 512 };
      const steps = planEpoch(corpus, config, 0).map((rows) =>
        Array.from(rows, (row) => readSequence(corpus, row, { maxLength: 512 }).T),
      );
      const ordered = steps.toSorted(([a, b], [c, d]) => a! - c! || b! - d!).flat();
      expect(ordered).toEqual(ordered.toSorted((a, b) => a - b));
    }),
  );
});
