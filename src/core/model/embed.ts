import * as tf from "@tensorflow/tfjs-core";
import { FootfallError } from "../errors";
import type { Progress } from "../pace";
import { createPace } from "../pace";
import type { CellPieces } from "../token/tokeniser";
import { CLS, SEP } from "../token/tokeniser";
import { paddedCount, tokensPerPass } from "./batches";
import type { Bert, TokenRows } from "./bert";
import { encode } from "./bert";

/** Cells by their number of pieces, so that no row of a pass is padded. */
function groupByPieces({ offsets }: CellPieces, wanted: ArrayLike<number>): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (let n = 0; n < wanted.length; n++) {
    const cell = wanted[n]!;
    const k = offsets[cell + 1]! - offsets[cell]!;
    const group = groups.get(k);
    if (group === undefined) groups.set(k, [n]);
    else group.push(n);
  }
  return groups;
}

/** Rows [CLS] pieces [SEP], one a cell; blank ones behind them as `paddedCount` says. */
function toRows({ offsets, tokens }: CellPieces, cells: readonly number[], k: number): TokenRows {
  const T = k + 2;
  const B = paddedCount(cells.length);
  const rows = new Int32Array(B * T);
  cells.forEach((cell, n) => {
    rows[n * T] = CLS;
    for (let j = 0; j < k; j++) rows[n * T + 1 + j] = tokens[offsets[cell]! + j]!;
    rows[n * T + 1 + k] = SEP;
  });
  return { tokens: rows, B, T };
}

/** Flat positions of the pieces in rows of [CLS] pieces [SEP]. */
function piecePositions(B: number, k: number): Int32Array {
  return Int32Array.from({ length: B * k }, (_, n) => Math.floor(n / k) * (k + 2) + 1 + (n % k));
}

function embedRows(bert: Bert, rows: TokenRows, k: number): tf.Tensor2D {
  return tf.tidy(() => {
    const hidden = encode(bert, rows, piecePositions(rows.B, k)); // [B k, C]
    if (k === 1) return hidden;
    return tf.mean<tf.Tensor2D>(tf.reshape(hidden, [rows.B, k, bert.config.width]), 1); // [B, C]
  });
}

/**
 * Embeds cells: each alone as [CLS] pieces [SEP], the mean of the last layer over its own pieces.
 * @param pieces of all cells of a table
 * @param cells numbers of the wanted cells; default all
 * @returns row-major [N, C] in the order of `cells`. Throws "stopped", "bad-input" for a cell of more pieces
 *   than the model has positions
 */
export async function* embedCells(
  bert: Bert,
  pieces: CellPieces,
  {
    cells,
    signal,
  }: { cells?: ArrayLike<number> | undefined; signal?: AbortSignal | undefined } = {},
): AsyncGenerator<Progress, Float32Array, void> {
  const pace = createPace(signal);
  const wanted = cells ?? Uint32Array.from({ length: pieces.offsets.length - 1 }, (_, n) => n);
  const C = bert.config.width;
  const result = new Float32Array(wanted.length * C); // [N, C]
  let done = 0;
  for (const [k, members] of groupByPieces(pieces, wanted)) {
    checkLength(k, bert.config.maxPositions);
    const size = Math.max(1, Math.floor(tokensPerPass(bert.config) / (k + 2)));
    for (let from = 0; from < members.length; from += size) {
      const batch = members.slice(from, from + size);
      const numbers = batch.map((n) => wanted[n]!);
      const means = embedRows(bert, toRows(pieces, numbers, k), k); // [B, C]
      const values = await means.data<"float32">();
      means.dispose();
      batch.forEach((n, row) => result.set(values.subarray(row * C, (row + 1) * C), n * C));
      done += batch.length;
      if (pace.due()) await pace.rest();
      yield { phase: "embed cells", done, total: wanted.length, unit: "cells" };
    }
  }
  return result;
}

function checkLength(k: number, maxPositions: number): void {
  if (k > 0 && k + 2 <= maxPositions) return;
  throw new FootfallError(
    "bad-input",
    `a cell of ${k} pieces does not fit between [CLS] and [SEP] in ${maxPositions} positions`,
  );
}
