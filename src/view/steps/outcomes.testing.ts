import { cellToLatLng, gridDisk, latLngToCell } from "h3-js";
import { CellTableBuilder, cellCentres, haversineKm, type CellTable } from "../../core/geo/cells";
import type { InferenceResult } from "../../core/job/inference";
import type { MaskedResult } from "../../core/job/masked";
import type { TokeniserRow } from "../../core/job/measure-tokeniser";
import type { ModelResult } from "../../core/job/model";
import type { ScoreResult } from "../../core/job/score";
import type { Made } from "../../core/job/session";
import type { StagesResult } from "../../core/job/stages";

// Small outcomes of every job, made up: what views are tested with.

const MADE: Made = {
  seed: 123,
  data: "simulated small seed 123",
  model: "japan",
  engine: "wasm",
  seconds: 2.5,
};

const TOKYO = { lat: 35.68, lng: 139.7 };
const START_MS = Date.UTC(2023, 4, 1, 0, 0);
const HOUR_MS = 3_600_000;

function disk(rings: number): CellTable {
  const builder = new CellTableBuilder();
  for (const hash of gridDisk(latLngToCell(TOKYO.lat, TOKYO.lng, 8), rings)) builder.add(hash);
  return builder.build();
}

/** A hill around the middle, 1 at the top. */
function hill(cells: CellTable, km: number): Float32Array {
  const { lat, lng } = cellCentres(cells);
  return Float32Array.from(lat, (at, n) =>
    Math.exp(-haversineKm(at, lng[n]!, TOKYO.lat, TOKYO.lng) / km),
  );
}

/** Cells of a made-up month: a walk around Tokyo. */
export const WALK: readonly string[] = Array.from({ length: 14 }, (_, i) =>
  latLngToCell(TOKYO.lat + 0.06 * Math.sin(i * 1.3), TOKYO.lng + 0.09 * Math.cos(i * 2.1), 8),
);

export const STAGES: StagesResult = {
  tokeniser: "5|3",
  resolution: 8,
  resolutions: [6, 7, 8, 9],
  ownResolution: 8,
  trajectory: 0,
  trajectoryCount: 448,
  checkIns: WALK.map((hash, i) => ({
    hash,
    startMs: START_MS + i * 5 * HOUR_MS,
    endMs: START_MS + (i * 5 + 1) * HOUR_MS,
    points: 1 + (i % 4),
    pieces: [
      { text: "852f5aaffffffff".slice(0, 7), id: 700 + (i % 3) },
      { text: `6/${(i % 7).toString()}42`, id: 2300 + i },
    ],
    parent: "852f5aafffffffff".slice(0, 15),
  })),
  vocabularySize: 2566,
  tokensPerCell: 2,
  unknownShare: 0,
  cells: 572_646,
  made: MADE,
};

export const MODEL: ModelResult = {
  name: "japan",
  layers: 4,
  hiddenSize: 128,
  heads: 4,
  vocabularySize: 2566,
  maxLength: 128,
  parameters: 1_156_870,
  bytes: 2_330_112,
  tokeniser: "digits 5|3",
  facts: [
    { name: "residents", value: "300,000" },
    { name: "trajectories", value: "209,000" },
  ],
  log: Array.from({ length: 40 }, (_, i) => ({
    step: i * 500,
    seconds: i * 60,
    tokens: i * 2_000_000,
    split: i % 2 === 0 ? ("train" as const) : ("validation" as const),
    loss: 7.8 * Math.exp(-i / 9) + 3,
    perplexity: Math.exp(4.8 * Math.exp(-i / 9) + 3),
  })),
  perplexity: {
    trajectories: 64,
    maskedCells: 640,
    model: { perToken: 19.4, perCell: 375 },
    twin: { perToken: 2601, perCell: 560_000 },
  },
  geography: { parents: 2218, modelKm: 19, randomKm: 512, perfectKm: 14 },
  engine: "wasm",
  made: MADE,
};

function guessesFor(truth: string): MaskedResult["masked"][number]["guesses"] {
  const [lat, lng] = cellToLatLng(truth);
  return gridDisk(truth, 2)
    .slice(3, 13)
    .map((hash, i) => {
      const [guessLat, guessLng] = cellToLatLng(hash);
      return { hash, probability: 0.21 * 0.8 ** i, km: haversineKm(lat, lng, guessLat, guessLng) };
    });
}

export const MASKED: MaskedResult = {
  trajectory: 0,
  trajectoryCount: 448,
  checkIns: WALK.map((hash, i) => {
    const [lat, lng] = cellToLatLng(hash);
    return { hash, startMs: START_MS + i * 5 * HOUR_MS, lat, lng };
  }),
  masked: [
    {
      index: 6,
      truth: WALK[6]!,
      guesses: guessesFor(WALK[6]!),
      truthProbability: 0.041,
      beliefKm: 4.4,
      previousKm: 7.3,
      middleKm: 3.9,
    },
  ],
  made: MADE,
};

export const SCORE: ScoreResult = {
  rows: [
    {
      name: "pre-trained model",
      top1: 0.213,
      top5: 0.402,
      medianKm: 5.2,
      medianKmInterval: [4.7, 5.9],
      perplexity: 375,
      isModel: true,
    },
    {
      name: "commonest cells",
      top1: 0.001,
      top5: 0.004,
      medianKm: 301,
      medianKmInterval: [280, 322],
      perplexity: 61_000,
      isModel: false,
    },
    {
      name: "previous place",
      top1: 0.08,
      top5: undefined,
      medianKm: 6.4,
      medianKmInterval: [5.8, 7],
      perplexity: undefined,
      isModel: false,
    },
    {
      name: "middle of the neighbours",
      top1: 0.03,
      top5: undefined,
      medianKm: 3.4,
      medianKmInterval: [3.1, 3.8],
      perplexity: undefined,
      isModel: false,
    },
  ],
  trajectories: 100,
  maskedCells: 1180,
  made: MADE,
};

const part = disk(40);

export const INFERENCE: InferenceResult = {
  title: "Built-up land",
  scale: "share",
  unit: "share of the cell",
  place: "Kanto",
  cells: part,
  truth: hill(part, 9),
  predicted: hill(part, 11),
  report: {
    cells: 60,
    withValue: 58,
    facts: [{ name: "pixels with data", value: 4021 }],
    method: "mean of the pixels",
    warnings: [],
  },
  scores: [
    {
      name: "pre-trained",
      method: "a linear probe",
      split: "random",
      metrics: { R2: 0.501, MAE: 0.061 },
    },
    {
      name: "randomly initialised twin",
      method: "a linear probe",
      split: "random",
      metrics: { R2: 0.132, MAE: 0.113 },
    },
    {
      name: "coordinates alone",
      method: "a linear probe",
      split: "random",
      metrics: { R2: 0.21, MAE: 0.1 },
    },
    { name: "mean", method: "a linear probe", split: "random", metrics: { R2: -0.001, MAE: 0.14 } },
    {
      name: "pre-trained",
      method: "a linear probe",
      split: "block",
      metrics: { R2: 0.44, MAE: 0.07 },
    },
    {
      name: "randomly initialised twin",
      method: "a linear probe",
      split: "block",
      metrics: { R2: 0.01, MAE: 0.13 },
    },
    {
      name: "coordinates alone",
      method: "a linear probe",
      split: "block",
      metrics: { R2: -0.3, MAE: 0.15 },
    },
    { name: "mean", method: "a linear probe", split: "block", metrics: { R2: -0.02, MAE: 0.14 } },
  ],
  metric: "R2",
  trainCells: 2000,
  heldOutCells: 2921,
  made: MADE,
};

function tokenRow(
  tokeniser: TokeniserRow["tokeniser"],
  [vocabularySize, tokens, cut, unknown, unigram]: [number, number, number, number, number],
): TokeniserRow {
  return {
    tokeniser,
    resolution: 8,
    vocabularySize,
    cells: 572_642,
    madeFrom: 572_642,
    trajectories: 3000,
    checkIns: 183_915,
    tokensPerCheckIn: tokens,
    tokensPerTrajectory: {
      mean: 61.3 * tokens + 2,
      median: 61 * tokens + 2,
      most: 62 * tokens + 2,
    },
    truncated: [
      { length: 128, trajectories: cut > 0 ? 1 : 0, checkIns: cut },
      { length: 512, trajectories: 0, checkIns: 0 },
    ],
    unknown: { area: 0, training: unknown },
    makeSeconds: 0.2,
    cellsPerSecond: 2_900_000,
    perplexity: { unigram, previous: 0.92 * unigram },
    model: undefined,
  };
}

/** Rows of the tokeniser bench; the first is the model's own way of writing cells. */
export const TOKEN_ROWS: TokeniserRow[] = [
  {
    ...tokenRow("5|3", [2565, 2, 0, 0.016, 573_256]),
    model: {
      model: 463,
      unigram: 650_327,
      previous: 548_531,
      hidden: 100,
      guesses: {
        hidden: 50,
        ruled: { invalid: 0, hit: 0.14 },
        free: { invalid: 0.06, hit: 0.12 },
      },
    },
  },
  tokenRow("4|2|2", [537, 3, 0.315, 0.006, 658_301]),
  tokenRow("flat", [572_647, 1, 0, 0.736, 534_598]),
];
