import { createRandom } from "../random";
import type { Corpus } from "../token/read-shards";
import type { PretrainConfig } from "./config";
import { PRESETS } from "./config";
import { pretrain } from "./pretrain";
import type { PretrainOptions, PretrainReport, PretrainResult } from "./reports";

/** The vocabulary of the made-up people. */
export const V = 45;

/** People who go round and round a few places of two pieces each: there is something to learn. */
export function makeCorpus(rows: number, name: string): Corpus {
  const random = createRandom(5, name);
  const [tokens, starts, offsets]: [number[], number[], number[]] = [[], [], [0]];
  for (let row = 0; row < rows; row++) {
    const first = random.integer(8);
    const length = 4 + random.integer(9);
    for (let n = 0; n < length; n++) {
      tokens.push(5 + first, 13 + ((first * 4 + (n % 3)) % 32));
      starts.push(1, 0);
    }
    offsets.push(tokens.length);
  }
  return {
    tokens: Uint16Array.from(tokens),
    starts: Uint8Array.from(starts),
    offsets: Uint32Array.from(offsets),
  };
}

/** As small as can be, with several passes a step. */
export const CONFIG: PretrainConfig = {
  ...PRESETS.tiny,
  layers: 2,
  width: 16,
  heads: 2,
  innerWidth: 32,
  maxLength: 24,
  batch: 6,
  accumulation: 2,
  learningRate: 1e-2,
};

/** A dozen steps. */
export const OPTIONS: PretrainOptions = {
  config: CONFIG,
  budget: { kind: "steps", steps: 12 },
  data: { train: makeCorpus(60, "train"), validation: makeCorpus(10, "validation") },
  vocabularySize: V,
  reportEvery: 5,
  validations: 3,
};

/** Runs to the end and keeps the reports. */
export async function runAll(
  options: PretrainOptions,
): Promise<{ reports: PretrainReport[]; result: PretrainResult }> {
  const reports: PretrainReport[] = [];
  const work = pretrain(options);
  for (;;) {
    const { done, value } = await work.next();
    if (done) return { reports, result: value };
    reports.push(value);
  }
}
