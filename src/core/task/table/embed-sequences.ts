import { planPasses, padRows } from "../../model/batches";
import { encode, type Bert } from "../../model/bert";
import { createPace, type Progress } from "../../pace";
import { SPECIAL_TOKENS } from "../../token/tokeniser";
import { secondPart, splitPairs } from "../../train/labelled-rows";
import type { Matrix } from "../linear-model";

/** Positions of a row's own pieces, special tokens left out. */
function piecePlaces(sequence: Int32Array): number[] {
  const places: number[] = [];
  sequence.forEach((token, place) => {
    if (token >= SPECIAL_TOKENS.length) places.push(place);
  });
  return places;
}

/** Adds the mean of each row's states to its place in `into`. */
function addMeans(
  states: Float32Array, // [M, C]
  rows: readonly { n: number; places: readonly number[] }[],
  into: Float32Array, // [N, C]
  C: number,
): void {
  let m = 0;
  for (const { n, places } of rows) {
    for (let i = 0; i < places.length; i++, m++) {
      for (let c = 0; c < C; c++) into[n * C + c]! += states[m * C + c]! / places.length;
    }
  }
}

/** Means u and v of pairs, one behind the other, [2N, C], as u, v and |u - v| side by side, [N, 3C]. */
function comparePairs({ data, width: C }: Matrix): Matrix {
  const compared = new Float32Array((data.length / 2) * 3); // [N, 3C]
  for (let n = 0; 2 * n * C < data.length; n++) {
    const both = data.subarray(2 * n * C, 2 * (n + 1) * C);
    compared.set(both, 3 * n * C);
    for (let c = 0; c < C; c++) compared[(3 * n + 2) * C + c] = Math.abs(both[c]! - both[C + c]!);
  }
  return { data: compared, width: 3 * C };
}

/**
 * Embeds sequences: the mean of the last layer over the pieces of each, [N, C]; of pairs [CLS] A [SEP] B [SEP] what a
 * head over pairs looks at, the means of both parts, each read alone, and their distance, [N, 3C]. Throws "stopped".
 */
export async function* embedSequences(
  bert: Bert,
  sequences: readonly Int32Array[],
  signal?: AbortSignal,
): AsyncGenerator<Progress, Matrix, void> {
  if (!sequences.some((row) => secondPart(row) !== undefined)) {
    return yield* embedMeans(bert, sequences, signal);
  }
  return comparePairs(yield* embedMeans(bert, splitPairs({ sequences }).sequences, signal));
}

/** The means alone; few large passes, rows of one length together. */
async function* embedMeans(
  bert: Bert,
  sequences: readonly Int32Array[],
  signal: AbortSignal | undefined,
): AsyncGenerator<Progress, Matrix, void> {
  const pace = createPace(signal);
  const C = bert.config.width;
  const data = new Float32Array(sequences.length * C); // [N, C]
  const lengths = sequences.map(({ length }) => length);
  let done = 0;
  for (const { T, items } of planPasses(lengths, bert.config)) {
    const rows = items.map((n) => ({ n, places: piecePlaces(sequences[n]!) }));
    const kept = Int32Array.from(
      rows.flatMap(({ places }, row) => places.map((place) => row * T + place)),
    );
    const padded = padRows(
      items.map((n) => sequences[n]!),
      T,
    );
    const states = encode(bert, padded, kept); // [M, C]
    addMeans(await states.data<"float32">(), rows, data, C);
    states.dispose();
    done += items.length;
    if (pace.due()) await pace.rest();
    yield { phase: "embed the examples", done, total: sequences.length, unit: "sequences" };
  }
  return { data, width: C };
}
