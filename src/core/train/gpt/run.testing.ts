import type { PointWindows } from "../../data/point-windows";
import { createRandom } from "../../random";
import type { PointConfig } from "./config";
import { POINT_PRESETS } from "./config";
import type { PointPretrainOptions, PointReport, PointResult } from "./pretrain";
import { pretrainPoints } from "./pretrain";

/** People who go round a circle of their own, one turn in twelve moments: there is something to learn. */
export function makeWindows(count: number, name: string, length = 40): PointWindows {
  const random = createRandom(5, name);
  const places = new Float32Array(2 * count * length);
  const moments = new Int32Array(count * length);
  for (let row = 0; row < count; row++) {
    const [lng, lat, phase] = [
      116 + random.uniform(),
      40 + random.uniform() / 2,
      random.integer(12),
    ];
    for (let n = 0; n < length; n++) {
      const at = row * length + n;
      const angle = ((n + phase) * Math.PI) / 6;
      places.set([lng + 0.2 * Math.cos(angle), lat + 0.2 * Math.sin(angle)], 2 * at);
      moments[at] = n;
    }
  }
  return {
    users: Array.from({ length: count }, (_, n) => `${name} ${n}`),
    user: Uint32Array.from({ length: count }, (_, n) => n),
    offsets: Uint32Array.from({ length: count + 1 }, (_, n) => n * length),
    places,
    moments,
  };
}

/** As small as can be, with several passes a step. */
export const POINT_CONFIG: PointConfig = {
  ...POINT_PRESETS.tiny,
  layers: 1,
  width: 16,
  heads: 2,
  length: 32,
  batch: 3,
  accumulation: 2,
  learningRate: 1e-2,
};

/** A dozen steps. */
export const POINT_OPTIONS: PointPretrainOptions = {
  config: POINT_CONFIG,
  budget: { kind: "steps", steps: 12 },
  data: { train: makeWindows(20, "train"), validation: makeWindows(5, "validation") },
  reportEvery: 5,
  validations: 3,
};

/** Runs to the end and keeps the reports. */
export async function runAllPoints(
  options: PointPretrainOptions,
): Promise<{ reports: PointReport[]; result: PointResult }> {
  const reports: PointReport[] = [];
  const work = pretrainPoints(options);
  for (;;) {
    const { done, value } = await work.next();
    if (done) return { reports, result: value };
    reports.push(value);
  }
}
