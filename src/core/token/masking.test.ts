import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom } from "../random";
import { IGNORED, maskHashes } from "./masking";
import { createSequences, type Sequences } from "./sequences";
import { CLS, MASK, PAD, SEP, type CellPieces } from "./tokeniser";

const V = 60;

/** Cells of 1 to 4 pieces each, as word pieces have them. */
const anyPieces = fc
  .array(fc.array(fc.integer({ min: 5, max: V - 1 }), { minLength: 1, maxLength: 4 }), {
    minLength: 2,
    maxLength: 12,
  })
  .map((cells): CellPieces => {
    const offsets = new Uint32Array(cells.length + 1);
    cells.forEach((cell, n) => (offsets[n + 1] = offsets[n]! + cell.length));
    return { offsets, tokens: Uint16Array.from(cells.flat()) };
  });

const anySequences = anyPieces.chain((pieces) => {
  const cell = fc.integer({ min: 0, max: pieces.offsets.length - 2 });
  const trajectories = fc.array(fc.array(cell, { minLength: 1, maxLength: 40 }), {
    minLength: 1,
    maxLength: 6,
  });
  return trajectories.map((rows) => {
    return { pieces, rows, sequences: createSequences(pieces, rows, { lengths: [16, 32, 64] }) };
  });
});

const seed = fc.integer({ min: 0, max: 1e9 });

/** Places of each hash of each row. */
function hashPlaces({ cellOf, T, lengths }: Sequences): number[][] {
  const places = new Map<string, number[]>();
  lengths.forEach((_, row) => {
    for (let t = 0; t < T; t++) {
      const key = `${row}:${cellOf[row * T + t]}`;
      if (cellOf[row * T + t]! >= 0) places.set(key, [...(places.get(key) ?? []), row * T + t]);
    }
  });
  return [...places.values()];
}

describe("createSequences", () => {
  it("never cuts a hash, and counts what it leaves out", () => {
    fc.assert(
      fc.property(anySequences, ({ pieces, rows, sequences }) => {
        const { tokens, T, lengths, lostCheckIns } = sequences;
        let lost = 0;
        rows.forEach((cells, row) => {
          const own = [...tokens.subarray(row * T, row * T + lengths[row]!)];
          expect(own[0]).toBe(CLS);
          expect(own.at(-1)).toBe(SEP);
          const wanted = cells.map((n) => [
            ...pieces.tokens.subarray(pieces.offsets[n], pieces.offsets[n + 1]),
          ]);
          let kept = 0;
          for (let used = 0; kept < wanted.length && used < own.length - 2; kept++) {
            used += wanted[kept]!.length;
          }
          expect(own.slice(1, -1)).toEqual(wanted.slice(0, kept).flat());
          if (kept < wanted.length) expect(own.length + wanted[kept]!.length).toBeGreaterThan(T);
          expect([...tokens.subarray(row * T + lengths[row]!, (row + 1) * T)]).toEqual(
            Array.from({ length: T - lengths[row]! }, () => PAD),
          );
          lost += wanted.length - kept;
        });
        expect(lostCheckIns).toBe(lost);
      }),
    );
  });

  it("takes the shortest length that holds the longest row", () => {
    const pieces = { offsets: Uint32Array.of(0, 2), tokens: Uint16Array.of(7, 8) };
    const rows = [Array.from({ length: 15 }, () => 0)]; // 32 tokens with both ends
    expect(createSequences(pieces, rows).T).toBe(32);
    expect(createSequences(pieces, [[...rows[0]!, 0]]).T).toBe(64);
    expect(createSequences(pieces, rows, { lengths: [16] }).lostShare).toBeCloseTo(8 / 15);
  });
});

describe("maskHashes", () => {
  const options = (n: number) => ({ random: createRandom(n, "mask"), vocabularySize: V });

  it("never masks half a hash, nor a special token", () => {
    fc.assert(
      fc.property(anySequences, seed, ({ sequences }, n) => {
        const { tokens, labels } = maskHashes(sequences, options(n));
        const places = hashPlaces(sequences);
        for (const hash of places) {
          expect(new Set(hash.map((at) => labels[at] === IGNORED)).size).toBe(1);
          expect(new Set(hash.map((at) => tokens[at] === MASK)).size).toBe(1);
        }
        const inside = new Set(places.flat());
        tokens.forEach((token, at) => {
          if (labels[at] !== IGNORED) expect(labels[at]).toBe(sequences.tokens[at]);
          if (!inside.has(at)) expect(labels[at]).toBe(IGNORED);
          if (labels[at] === IGNORED) expect(token).toBe(sequences.tokens[at]);
        });
      }),
    );
  });

  it("reveals the beginning of a hash only, and never all of it", () => {
    fc.assert(
      fc.property(anySequences, seed, ({ sequences }, n) => {
        const { labels } = maskHashes(sequences, { ...options(n), reveal: 1, replace: "mask" });
        for (const hash of hashPlaces(sequences)) {
          const hidden = hash.map((at) => labels[at] !== IGNORED);
          const first = hidden.indexOf(true);
          if (first >= 0) expect(hidden.slice(first).every(Boolean)).toBe(true);
        }
      }),
    );
  });

  it("chooses 20 % of the hashes and shows 80/10/10", () => {
    const pieces = { offsets: Uint32Array.of(0, 2), tokens: Uint16Array.of(7, 8) };
    const rows = Array.from({ length: 300 }, () => Array.from({ length: 60 }, () => 0));
    const sequences = createSequences(pieces, rows);
    const { tokens, labels, hashes } = maskHashes(sequences, options(1));
    expect(hashes / (300 * 60)).toBeCloseTo(0.2, 2);
    const shown = [...labels.keys()].filter((at) => labels[at] === 7).map((at) => tokens[at]);
    expect(shown.filter((token) => token === MASK).length / shown.length).toBeCloseTo(0.8, 1);
    const kept = shown.filter((token) => token === 7).length / shown.length;
    expect(Math.abs(kept - 0.1)).toBeLessThan(0.03);
  });

  it("is the same for the same seed and another for another", () => {
    const pieces = { offsets: Uint32Array.of(0, 2), tokens: Uint16Array.of(7, 8) };
    const sequences = createSequences(pieces, [Array.from({ length: 60 }, () => 0)]);
    expect(maskHashes(sequences, options(1))).toEqual(maskHashes(sequences, options(1)));
    expect(maskHashes(sequences, options(1))).not.toEqual(maskHashes(sequences, options(2)));
  });
});
