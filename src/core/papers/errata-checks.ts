import { cellToLatLng } from "h3-js";
import { RAW_BOX } from "../data/box";
import { haversineKm, type CellTable } from "../geo/cells";
import { createRandom, DEFAULT_SEED } from "../random";
import { classificationScores } from "../task/metrics";
import { createDigits } from "../token/digits";
import { factNumber } from "./facts";
import { gainPercent, JAPAN_LAT_DEG, locationGainKm } from "./gains";
import { addInPlace, meanOverAll } from "./raw-code";
import { metricWords } from "./results";
import { fewShotExceptions, sharesUnlike, zeroShotBelowMean } from "./table-checks";
import { TASK_WORDS } from "./task-words";

/** One number of a check. */
export interface CheckRow {
  readonly what: string;
  readonly value: number;
  /** "km", "%", "tokens"; undefined for a plain number. */
  readonly unit?: string;
}

const row = (what: string, value: number, unit?: string): CheckRow => {
  return { what, value, ...(unit && { unit }) };
};

function equator(): CheckRow[] {
  return [
    row(`at ${JAPAN_LAT_DEG}° north`, locationGainKm(JAPAN_LAT_DEG), "km"),
    row("at the equator", locationGainKm(0), "km"),
  ];
}

function administrative(): CheckRow[] {
  return [
    row("region, Table 5", gainPercent(5, "f"), "%"),
    row("municipality class, Table 6", gainPercent(6, "f"), "%"),
    row("prefecture, Table 4", gainPercent(4, "f"), "%"),
  ];
}

const SAMPLE = 1000;
/** Two classes, of which the second is rare and rarely found. */
const RARE_SHARE = 0.2;
const FOUND_SHARE = 0.5;

/** A guess that knows the common class well and the rare one badly, scored three ways. */
function accuracy(): CheckRow[] {
  const random = createRandom(DEFAULT_SEED, "accuracy and recall");
  const truth = Uint8Array.from({ length: SAMPLE }, () => Number(random.uniform() < RARE_SHARE));
  const guess = truth.map((k) => (k === 1 ? Number(random.uniform() < FOUND_SHARE) : 0));
  const scores = classificationScores(truth, guess, 2);
  const { unlike, rows } = sharesUnlike();
  return [
    row("printed rows where the two differ by more than rounding", unlike, `of ${rows}`),
    row("a sample of 1,000: plain accuracy", scores.accuracy),
    row("its weighted recall", scores.recall),
    row("its balanced accuracy", scores.balancedAccuracy),
  ];
}

const SPLITS: readonly (readonly [parents: number, groups: readonly number[]])[] = [
  [4, [2, 2]],
  [5, [3]],
  [5, [2, 1]],
  [5, [1, 1, 1]],
];

/** Vocabularies of parents and child digits for all land cells, as our tokeniser makes them. */
function firstPerplexity(land: CellTable): CheckRow[] {
  const sizes = SPLITS.map(([parents, groups]) => {
    const { vocabularySize } = createDigits({ parents, groups }, land);
    return row(`digits ${parents}|${groups.join("|")}`, vocabularySize, "tokens");
  });
  const printed = factNumber("perplexity-untrained");
  return [
    row("natural logarithm of 2327", Math.log(printed)),
    row("natural logarithm of 30,000", Math.log(factNumber("vocabulary"))),
    ...sizes,
  ];
}

function fewShot(): CheckRow[] {
  return fewShotExceptions().map(({ table, task, row: name, metric, value, random }) =>
    row(
      `Table ${table}, ${TASK_WORDS[task]}, ${metricWords(metric)}: ${name} (random twin ${random})`,
      value,
    ),
  );
}

function upTo(): CheckRow[] {
  return [
    row("built-up land, Table 7", gainPercent(7, "r2"), "%"),
    row("tree cover, Table 8", gainPercent(8, "r2"), "%"),
    row("exposure to greenery, Table 12", gainPercent(12, "r2"), "%"),
    row("geographic diversity, Table 9", gainPercent(9, "r2"), "%"),
    row("trip length, Table 10", gainPercent(10, "r2"), "%"),
  ];
}

function zeroShot(): CheckRow[] {
  const { below, tables } = zeroShotBelowMean();
  return [
    row("zero-shot rows worse than the mean of the labels (R2 below 0)", below, `of ${tables}`),
  ];
}

/** Area of Japan, km², and the mean area of a cell of resolution 8 (notes, line 15). */
const JAPAN_KM2 = 377_975;
const CELL_KM2 = 0.7373;

/** Share of test hexagons with a training hexagon among `count` others, all drawn alike. */
function neighbours(): CheckRow[] {
  const cells = JAPAN_KM2 / CELL_KM2;
  const training = factNumber("samples") * factNumber("adaptation-train");
  const near = (rings: number): number => {
    const count = 3 * rings * (rings + 1);
    return 100 * (1 - (1 - training / cells) ** count);
  };
  return [
    row("cells of Japan", cells),
    row("test hexagons with a neighbour in training", near(1), "%"),
    row("with one within two steps", near(2), "%"),
    row("with one within three steps", near(3), "%"),
  ];
}

/** The paper's own two hashes (3.3): a trip length from nothing but the input. */
function functions(): CheckRow[] {
  const [a, b] = ["882e601a5dfffff", "882e601141fffff"].map((hash) => cellToLatLng(hash));
  const km = haversineKm(a![0], a![1], b![0], b![1]);
  return [row("trip length of 882e601a5dfffff, 882e601141fffff", km, "km")];
}

function context(): CheckRow[] {
  return [0.1, 0.2, 0.3].map((rate) =>
    row(`left to guess from with ${100 * rate}% masked`, 100 * (1 - rate), "%"),
  );
}

/** Half the width and half the height of RAW's box, which its code takes for 100 km. */
function rawKilometres(): CheckRow[] {
  const [south, west, north, east] = RAW_BOX;
  const lat = (south + north) / 2;
  const width = haversineKm(lat, west, lat, east) / 2;
  const height = haversineKm(south, west, north, west) / 2;
  return [
    row("half the width of the box", width, "km"),
    row("half its height", height, "km"),
    row("errors of longitude too large by", 100 * (100 / width - 1), "%"),
    row("errors of latitude too large by", 100 * (100 / height - 1), "%"),
  ];
}

function rawAliasing(): CheckRow[] {
  const wrong = addInPlace(false);
  const right = addInPlace(true);
  return [
    row("region B as the code sums it, first component", wrong[0]!),
    row("second component", wrong[1]!),
    row("with a copy, first component", right[0]!),
    row("second component, with a copy", right[1]!),
  ];
}

function rawPadding(): CheckRow[] {
  return [
    row("mean of 480 ones and 479 paddings, all positions", meanOverAll(480, 959)),
    row("mean of what was walked", meanOverAll(480, 480)),
  ];
}

/** The computation of each erratum that has one, by its id. */
export const ERRATA_CHECKS: Readonly<Record<string, (land: CellTable) => CheckRow[]>> = {
  equator,
  administrative,
  accuracy,
  "first-perplexity": firstPerplexity,
  "few-shot": fewShot,
  "up-to": upTo,
  "zero-shot": zeroShot,
  neighbours,
  functions,
  context,
  "raw-kilometres": rawKilometres,
  "raw-aliasing": rawAliasing,
  "raw-padding": rawPadding,
};
