/** How training goes wrong, as the papers tell it (paper 2, "failure signatures"; paper 1, A.4.3). */
export type FailureKind =
  "diverging" | "oscillating" | "plateau" | "overfitting" | "below-frequency";

/** One signature that was seen, in words. */
export interface Failure {
  readonly kind: FailureKind;
  readonly step: number;
  /** What was seen, and what to do. */
  readonly sentence: string;
}

/** A point of a curve. */
export interface CurvePoint {
  readonly step: number;
  readonly loss: number;
}

export interface Curves {
  /** Mean losses of training, one a report. */
  readonly train: readonly CurvePoint[];
  readonly validation: readonly CurvePoint[];
  /** Share of the run that is done, 0 to 1. */
  readonly progress: number;
  /** Loss per token of guessing by frequency, on the validation rows. */
  readonly frequencyLoss: number;
}

/** Reports that one look compares with as many before. */
const WINDOW = 10;
/** A rise of the mean loss by this much, in nats, is divergence. */
const DIVERGED_BY = 0.5;
/** Reports that differ by this much from one to the next, in nats, while nothing is gained, are oscillation. */
const OSCILLATES_BY = 0.25;
/** Validations without a gain of this share of the loss are a plateau. */
const PLATEAU_GAIN = 0.005;
const PLATEAU_VALIDATIONS = 4;
/** Validations in a row that rise while training falls. */
const RISING_VALIDATIONS = 3;
/** By this share of a run a model should have learnt more than how often pieces occur. */
const FREQUENCY_BY = 0.5;

const meanLoss = (points: readonly CurvePoint[]): number =>
  points.reduce((sum, { loss }) => sum + loss, 0) / points.length;

/** Mean difference between neighbours: small on a straight way, up or down. */
function swing(points: readonly CurvePoint[]): number {
  const steps = points.slice(1).map(({ loss }, n) => Math.abs(loss - points[n]!.loss));
  return steps.reduce((sum, step) => sum + step, 0) / steps.length;
}

function findDivergence({ train }: Curves): string | undefined {
  if (train.length < 2 * WINDOW) return undefined;
  const means = train.slice(WINDOW - 1).map((_, n) => meanLoss(train.slice(n, n + WINDOW)));
  const least = Math.min(...means);
  const now = meanLoss(train.slice(-WINDOW));
  if (now < least + DIVERGED_BY || now < meanLoss(train.slice(-2 * WINDOW, -WINDOW)))
    return undefined;
  return `the training loss has risen from ${least.toFixed(2)} to ${now.toFixed(2)} nats; lower the learning rate or lengthen the warm-up`;
}

function findOscillation({ train }: Curves): string | undefined {
  if (train.length < 2 * WINDOW) return undefined;
  const [before, now] = [train.slice(-2 * WINDOW, -WINDOW), train.slice(-WINDOW)];
  const gained = meanLoss(before) - meanLoss(now);
  if (swing(now) < OSCILLATES_BY || gained > swing(now)) return undefined;
  return `the training loss swings by ${swing(now).toFixed(2)} nats from report to report and does not fall; choose a larger batch or a lower learning rate`;
}

function findPlateau({ validation, progress }: Curves): string | undefined {
  if (validation.length <= PLATEAU_VALIDATIONS || progress > 0.8) return undefined;
  const now = validation.at(-1)!.loss;
  const before = validation.at(-1 - PLATEAU_VALIDATIONS)!.loss;
  if (Math.abs(before - now) > PLATEAU_GAIN * before) return undefined;
  return `the validation loss stays at ${now.toFixed(2)} nats since step ${validation.at(-1 - PLATEAU_VALIDATIONS)!.step}; start the positions sinusoidal, raise the learning rate, or add data`;
}

function findOverfitting({ validation, train }: Curves): string | undefined {
  if (validation.length <= RISING_VALIDATIONS) return undefined;
  const last = validation.slice(-1 - RISING_VALIDATIONS);
  const rises = last.every(({ loss }, n) => n === 0 || loss > last[n - 1]!.loss);
  const since = train.filter(({ step }) => step > last[0]!.step);
  const falls = since.length > 1 && since.at(-1)!.loss < since[0]!.loss;
  if (!rises || !falls) return undefined;
  return `the validation loss rises since step ${last[0]!.step} while the training loss falls; stop here and keep the best checkpoint, or add data`;
}

function findNothingLearnt({ validation, progress, frequencyLoss }: Curves): string | undefined {
  const now = validation.at(-1);
  if (now === undefined || progress < FREQUENCY_BY || now.loss < frequencyLoss) return undefined;
  return `the validation loss, ${now.loss.toFixed(2)} nats a token, is not below that of guessing by frequency, ${frequencyLoss.toFixed(2)}; train longer or raise the learning rate`;
}

const RULES: Readonly<Record<FailureKind, (curves: Curves) => string | undefined>> = {
  diverging: findDivergence,
  oscillating: findOscillation,
  plateau: findPlateau,
  overfitting: findOverfitting,
  "below-frequency": findNothingLearnt,
};

/** The signatures that the curves show at their end, each by a rule of its own. */
export function findFailures(curves: Curves): Failure[] {
  const step = Math.max(curves.train.at(-1)?.step ?? 0, curves.validation.at(-1)?.step ?? 0);
  return Object.entries(RULES).flatMap(([kind, rule]) => {
    const sentence = rule(curves);
    return sentence === undefined ? [] : [{ kind: kind as FailureKind, step, sentence }];
  });
}
