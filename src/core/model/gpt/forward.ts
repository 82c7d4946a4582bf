import { createBoxScale } from "../../data/box";
import { FootfallError } from "../../errors";
import type { Progress } from "../../pace";
import { createPace } from "../../pace";
import { tokensPerPass } from "../batches";
import type { Gpt, PointRows } from "./gpt";
import { encodePoints, predictNext } from "./gpt";
import { POINT_WIDTH } from "./parameters";

/** Everything that a forward pass gives, on the CPU and row-major; values behind a shorter window mean nothing. */
export interface PointForward {
  readonly B: number;
  /** Points of the longest window. */
  readonly T: number;
  readonly hidden: Float32Array; // [B, T, C]
  /** Longitude and latitude, in degrees, of the point that comes after each. */
  readonly next: Float32Array; // [B, T, 2]
}

/** A window of places: longitude and latitude of each, in degrees. */
export type Places = readonly (readonly [lng: number, lat: number])[];

/** Windows in coordinates of the model's box, filled up to one length. */
function toRows({ config }: Gpt, windows: readonly Places[], T: number): PointRows {
  const { toX, toY } = createBoxScale(config.box);
  const points = new Float32Array(windows.length * T * POINT_WIDTH); // [B, T, 2]
  windows.forEach((places, b) => {
    const coordinates = places.flatMap(([lng, lat]) => [toX(lng), toY(lat)]);
    points.set(coordinates, b * T * POINT_WIDTH);
  });
  return { points, lengths: windows.map((places) => places.length), B: windows.length, T };
}

/**
 * Runs windows of places and keeps the hidden states of all points and the point that is expected after each.
 * Throws "bad-input" without points, for values that are no numbers and for windows that are too long, "stopped".
 */
export async function* runPoints(
  gpt: Gpt,
  windows: readonly Places[],
  signal?: AbortSignal,
): AsyncGenerator<Progress, PointForward, void> {
  const pace = createPace(signal);
  const C = gpt.config.width;
  const { toLng, toLat } = createBoxScale(gpt.config.box);
  const [B, T] = [windows.length, Math.max(0, ...windows.map((places) => places.length))];
  if (T === 0) throw new FootfallError("bad-input", "there are no points to run");
  const hidden = new Float32Array(B * T * C); // [B, T, C]
  const next = new Float32Array(B * T * POINT_WIDTH); // [B, T, 2]
  const size = Math.max(1, Math.floor(tokensPerPass({ width: C, innerWidth: 4 * C }) / T));
  for (let from = 0; from < B; from += size) {
    const states = encodePoints(gpt, toRows(gpt, windows.slice(from, from + size), T)); // [BT, C]
    const points = predictNext(gpt, states); // [BT, 2]
    hidden.set(await states.data<"float32">(), from * T * C);
    const degrees = (await points.data<"float32">()).map((value, n) =>
      n % POINT_WIDTH === 0 ? toLng(value) : toLat(value),
    );
    next.set(degrees, from * T * POINT_WIDTH);
    states.dispose();
    points.dispose();
    if (pace.due()) await pace.rest();
    yield { phase: "run the model", done: Math.min(B, from + size), total: B, unit: "windows" };
  }
  return { B, T, hidden, next };
}
