import { disposeBanks, readBanks, sizeOfPart } from "../gpu/banks";
import { GradientSink } from "../gpu/gradient-sink";
import { takesHalves } from "../gpu/ops";
import { createBert } from "../model/bert";
import type { BertConfig } from "../model/config";
import { runForward } from "../model/forward";
import { initialiseBert } from "../model/parameters";
import { createPace, finish } from "../pace";
import { createRandom } from "../random";
import { CLS, SEP, SPECIAL_TOKENS } from "../token/tokeniser";
import type { MaskedSequence } from "./batches";
import { countMasked, toMaskedRows } from "./batches";
import { createLayout, uploadTensors } from "./layout";
import { maskedObjective } from "./objectives/masked";
import { runObjective } from "./objectives/objective";
import { startState, Trainer } from "./trainer";
import { IGNORED } from "../token/masking";

/** What is computed on an engine, as plain numbers. */
export interface SelfTestNumbers {
  readonly logits: Float32Array;
  readonly losses: Float32Array;
  readonly gradients: Float32Array;
  /** Of the words, which are read at the input and multiplied at the output. */
  readonly tiedGradient: Float32Array;
  readonly parameters: Float32Array;
}

/** One line of the table: the largest difference between two engines, and what is allowed. */
export interface SelfTestRow {
  readonly part: keyof SelfTestNumbers;
  readonly count: number;
  /** Largest absolute value of the reference: what the difference stands beside. */
  readonly largest: number;
  readonly difference: number;
  readonly tolerance: number;
  readonly passes: boolean;
}

const CONFIG: BertConfig = {
  vocabularySize: 72,
  width: 32,
  layerCount: 2,
  headCount: 2,
  innerWidth: 64,
  maxPositions: 32,
  typeCount: 2,
  layerNormEpsilon: 1e-12,
  initializerRange: 0.2, // large enough that differences show
  activation: "gelu",
  isTied: true,
  positions: "normal",
  notes: {},
};
/** Of different lengths, so that padding is among what is compared. */
const LENGTHS = [32, 32, 21, 12];
const STEPS = 3;
/** An epsilon well above rounding: a gradient that is zero but for noise moves nothing. */
const CONSTANTS = {
  beta1: 0.9,
  beta2: 0.98,
  epsilon: 1e-4,
  weightDecay: 0.01,
  clip: 1,
  learningRate: 1e-3,
};

/** Against float32 in plain operations; the tests hold both to PyTorch's float64 (docs/training.md). */
const TOLERANCES: Readonly<Record<keyof SelfTestNumbers, number>> = {
  logits: 1e-4,
  losses: 1e-4,
  gradients: 2e-5,
  tiedGradient: 2e-5,
  parameters: 2e-5,
};
/** Where the forward pass keeps weights as halves. */
const HALF_TOLERANCE = 0.05;

/** Rows of pieces of which every fourth is masked, the same everywhere. */
function makeRows(seed: number): MaskedSequence[] {
  return LENGTHS.map((T, row) => {
    const random = createRandom(seed, "self-test", row);
    const pieces = CONFIG.vocabularySize - SPECIAL_TOKENS.length;
    const tokens = Uint32Array.from({ length: T }, (_, t) =>
      t === 0 ? CLS : t === T - 1 ? SEP : SPECIAL_TOKENS.length + random.integer(pieces),
    );
    const labels = Int32Array.from(tokens, (token, t) =>
      t > 0 && t < T - 1 && t % 4 === 2 ? token : IGNORED,
    );
    return { tokens, labels };
  });
}

/** Runs a tiny model forward, its gradients, and some steps of AdamW on the engine that is open. Throws "stopped". */
export async function runSelfTest(seed: number, signal?: AbortSignal): Promise<SelfTestNumbers> {
  const pace = createPace(signal);
  const tensors = initialiseBert(CONFIG, seed);
  const layout = createLayout(CONFIG);
  const masked = makeRows(seed);
  const bert = createBert(CONFIG, tensors);
  const forward = runForward(
    bert,
    masked.map(({ tokens }) => tokens),
    signal,
  );
  const { logits } = await finish(forward).finally(() => bert.dispose());
  const trainer = new Trainer(layout, maskedObjective, CONSTANTS, startState(layout, tensors));
  const flat = uploadTensors(layout, tensors); // [P]
  const sink = new GradientSink(flat);
  try {
    const rows = toMaskedRows(masked, 1 / countMasked(masked), CONFIG.maxPositions);
    const losses = await runObjective(maskedObjective, layout, flat, rows, pace, sink);
    const taken = sink.take(); // [P]
    const gradients = await readBanks(taken).finally(() => disposeBanks(taken));
    const { learningRate } = CONSTANTS;
    for (let step = 1; step <= STEPS; step++) {
      await trainer.step([rows], { learningRate, step }, pace);
    }
    const { parameters } = await trainer.read();
    const { words } = layout.embedding;
    const tiedGradient = gradients.slice(words.start, words.start + sizeOfPart(words));
    return { logits, losses, gradients, tiedGradient, parameters };
  } finally {
    disposeBanks(flat);
    sink.dispose();
    trainer.dispose();
  }
}

/** Whether the forward pass of the open engine keeps weights as halves. */
export const usesHalves = (): boolean => takesHalves(CONFIG.width, CONFIG.width);

/** Largest distance between two columns; a value that is no number is infinitely far. */
function largestDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((most, value, i) => {
    const distance = Math.abs(value - b[i]!);
    return Number.isNaN(distance) ? Infinity : Math.max(most, distance);
  }, 0);
}

/** The differences of an engine's numbers from the reference's, one row a part. */
export function compareNumbers(
  found: SelfTestNumbers,
  reference: SelfTestNumbers,
  hasHalves: boolean,
): SelfTestRow[] {
  return (Object.keys(TOLERANCES) as (keyof SelfTestNumbers)[]).map((part) => {
    const difference = largestDifference(found[part], reference[part]);
    const tolerance = part === "logits" && hasHalves ? HALF_TOLERANCE : TOLERANCES[part];
    return {
      part,
      count: reference[part].length,
      largest: reference[part].reduce((most, value) => Math.max(most, Math.abs(value)), 0),
      difference,
      tolerance,
      passes: difference <= tolerance,
    };
  });
}

/** Whether two runs gave the same bits. */
export function areEqual(a: SelfTestNumbers, b: SelfTestNumbers): boolean {
  return (Object.keys(TOLERANCES) as (keyof SelfTestNumbers)[]).every((part) =>
    a[part].every((value, i) => Object.is(value, b[part][i])),
  );
}
