import { isValidCell } from "h3-js";
import { FootfallError } from "../errors";
import { cellCentres, CellTableBuilder, haversineKm } from "../geo/cells";
import { createPace, type Progress } from "../pace";
import { createRandom, shuffle } from "../random";
import type { Places } from "./coordinates";
import type { Matrix } from "./linear-model";
import { median } from "./quantiles";

/**
 * A look at a model without labels and without training: where on the map is the place that an embedding
 * takes for the most similar one?
 */
export interface GeographyCheck {
  /** Median distance from a place to the place of the most similar embedding (cosine), in km. */
  readonly medianKm: number;
  /** The same for embeddings drawn at random: what a model that knows nothing gives. */
  readonly randomKm: number;
  /** Median distance to the place that is really nearest: the best that is possible. */
  readonly perfectKm: number;
  /** Places asked, and places to choose from. */
  readonly asked: number;
  readonly places: number;
}

/**
 * The embeddings of those tokens that are cells by themselves (the parents of a `digits` vocabulary, or whole
 * cells of a `flat` one) with the cells' centres; undefined where a vocabulary has no such tokens.
 * `words` is the table of word embeddings, [V, C].
 */
export function takeCellTokens(
  vocabulary: readonly string[],
  words: Matrix,
): { embeddings: Matrix; places: Places } | undefined {
  const { width } = words;
  const tokens = vocabulary.flatMap((text, id) => (isValidCell(text) ? [id] : []));
  if (tokens.length < 3) return undefined;
  const data = new Float32Array(tokens.length * width);
  const builder = new CellTableBuilder();
  tokens.forEach((id, n) => {
    data.set(words.data.subarray(id * width, (id + 1) * width), n * width);
    builder.add(vocabulary[id]!);
  });
  return { embeddings: { data, width }, places: cellCentres(builder.build()) };
}

/** As many places are asked at most; each is compared with all. */
const MAX_ASKED = 2500;

/** Rows of length 1, so that a dot product is a cosine; a row of zeros stays. */
function normaliseRows({ data, width }: Matrix): Float32Array {
  const out = Float32Array.from(data);
  for (let from = 0; from < out.length; from += width) {
    let square = 0;
    for (let c = from; c < from + width; c++) square += out[c]! * out[c]!;
    const length = Math.sqrt(square) || 1;
    for (let c = from; c < from + width; c++) out[c]! /= length;
  }
  return out;
}

/** The other row with the largest dot product. */
function findMostSimilar(rows: Float32Array, width: number, asked: number): number {
  const from = asked * width;
  let best = -1;
  let bestDot = -Infinity;
  for (let n = 0, at = 0; at < rows.length; n++, at += width) {
    if (n === asked) continue;
    let dot = 0;
    for (let c = 0; c < width; c++) dot += rows[from + c]! * rows[at + c]!;
    if (dot > bestDot) [best, bestDot] = [n, dot];
  }
  return best;
}

function nearestKm({ lat, lng }: Places, asked: number): number {
  let best = Infinity;
  for (let n = 0; n < lat.length; n++) {
    if (n === asked) continue;
    best = Math.min(best, haversineKm(lat[asked]!, lng[asked]!, lat[n]!, lng[n]!));
  }
  return best;
}

/**
 * Nearest neighbours by cosine of the embeddings of P places, in km on the map. Meant for the embeddings of
 * the coarse parent pieces of a `digits` vocabulary. Throws "no-data" for fewer than three places.
 */
export async function* checkGeography(
  embeddings: Matrix, // [P, C]
  places: Places, // [P]
  { seed, signal }: { seed: number; signal?: AbortSignal | undefined },
): AsyncGenerator<Progress, GeographyCheck> {
  const P = places.lat.length;
  if (P < 3) throw new FootfallError("no-data", `a map of ${P} places has no neighbours to check`);
  const pace = createPace(signal);
  const { width } = embeddings;
  const random = createRandom(seed, "geography check");
  const asked = shuffle(
    Uint32Array.from({ length: P }, (_, n) => n),
    random,
  ).subarray(0, MAX_ASKED);
  const rows = normaliseRows(embeddings);
  const km = { model: [] as number[], random: [] as number[], perfect: [] as number[] };
  const distance = (a: number, b: number): number =>
    haversineKm(places.lat[a]!, places.lng[a]!, places.lat[b]!, places.lng[b]!);
  for (const [i, place] of asked.entries()) {
    km.model.push(distance(place, findMostSimilar(rows, width, place)));
    // the most similar of random embeddings is any other place with equal chance
    km.random.push(distance(place, (place + 1 + random.integer(P - 1)) % P));
    km.perfect.push(nearestKm(places, place));
    if (!pace.due()) continue;
    await pace.rest();
    yield { phase: "compare embeddings", done: i, total: asked.length, unit: "places" };
  }
  return {
    medianKm: median(km.model),
    randomKm: median(km.random),
    perfectKm: median(km.perfect),
    asked: asked.length,
    places: P,
  };
}
