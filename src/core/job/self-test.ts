import * as tf from "@tensorflow/tfjs-core";
import { openEngine } from "../gpu/engine";
import {
  areEqual,
  compareNumbers,
  runSelfTest,
  usesHalves,
  type SelfTestNumbers,
  type SelfTestRow,
} from "../train/self-test";
import type { Report, Session } from "./session";

/** Whether this device computes what it should. */
export interface SelfTestJob {
  kind: "self-test";
  seed: number;
}

export interface SelfTestResult {
  readonly engine: string;
  /** The engine against plain JavaScript, which composes the library's own operations. */
  readonly rows: readonly SelfTestRow[];
  /** Whether a second run on the engine gave the same bits. */
  readonly isRepeatable: boolean;
  readonly hasHalves: boolean;
  readonly passes: boolean;
  /** Of one run on the engine. */
  readonly seconds: number;
}

/** The numbers of plain JavaScript; the engine that was open is the current one again afterwards. */
async function runReference(seed: number, signal: AbortSignal): Promise<SelfTestNumbers> {
  const current = tf.getBackend();
  const plain = await openEngine({ backend: "cpu" });
  try {
    return await runSelfTest(seed, signal);
  } finally {
    if (current !== plain.kind) {
      await tf.setBackend(current);
      plain.dispose();
    }
  }
}

/**
 * Forward pass, gradients and steps of AdamW of a tiny model on the engine in use, twice, and once in plain
 * JavaScript (PT-27). On an engine that is plain JavaScript itself only repeating is tested. Throws "stopped".
 */
export async function* runSelfTestJob(
  { seed }: SelfTestJob,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, SelfTestResult, void> {
  const report = (done: number): Report => {
    return { phase: "check this device", done, total: 3, unit: "runs" };
  };
  const engine = await session.engine();
  yield report(0);
  const first = await runSelfTest(seed, signal); // the first one also compiles
  yield report(1);
  const from = performance.now();
  const second = await runSelfTest(seed, signal);
  const seconds = (performance.now() - from) / 1000;
  const hasHalves = usesHalves();
  yield report(2);
  const reference = await runReference(seed, signal);
  const rows = compareNumbers(second, reference, hasHalves);
  const isRepeatable = areEqual(first, second);
  return {
    engine: `${engine.kind}: ${engine.description}`,
    rows,
    isRepeatable,
    hasHalves,
    passes: isRepeatable && rows.every((row) => row.passes),
    seconds,
  };
}
