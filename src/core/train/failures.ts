/** How training goes wrong, as the papers tell it (papers 2 and 3, "failure signatures"; paper 1, A.4.3). */
export type FailureKind =
  "diverging" | "oscillating" | "plateau" | "overfitting" | "below-frequency" | "at-persistence";

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
}

/** What a model must beat, and how its losses are said. Losses are logarithms. */
export interface Rival {
  readonly kind: "below-frequency" | "at-persistence";
  /** Such as "guessing by frequency". */
  readonly name: string;
  readonly loss: number;
  /** A loss in words, such as "3.21 nats". */
  readonly say: (loss: number) => string;
  /** A difference of two losses in words. */
  readonly sayGap: (gap: number) => string;
}

/** Perplexities: losses are nats. */
export function frequencyRival(loss: number): Rival {
  const say = (nats: number): string => `${nats.toFixed(2)} nats`;
  return { kind: "below-frequency", name: "guessing by frequency", loss, say, sayGap: say };
}

/** Squared errors: losses are their logarithms. */
export function persistenceRival(loss: number): Rival {
  return {
    kind: "at-persistence",
    name: "staying where one is",
    loss,
    say: (log) => Math.exp(log).toExponential(2),
    sayGap: (gap) => `a factor of ${Math.exp(gap).toFixed(2)}`,
  };
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
/** By this share of a run a model should have learnt more than its rival knows. */
const RIVAL_BY = 0.5;

const meanLoss = (points: readonly CurvePoint[]): number =>
  points.reduce((sum, { loss }) => sum + loss, 0) / points.length;

/** Mean difference between neighbours: small on a straight way, up or down. */
function swing(points: readonly CurvePoint[]): number {
  const steps = points.slice(1).map(({ loss }, n) => Math.abs(loss - points[n]!.loss));
  return steps.reduce((sum, step) => sum + step, 0) / steps.length;
}

function findDivergence({ train }: Curves, { say }: Rival): string | undefined {
  if (train.length < 2 * WINDOW) return undefined;
  const means = train.slice(WINDOW - 1).map((_, n) => meanLoss(train.slice(n, n + WINDOW)));
  const least = Math.min(...means);
  const now = meanLoss(train.slice(-WINDOW));
  if (now < least + DIVERGED_BY || now < meanLoss(train.slice(-2 * WINDOW, -WINDOW)))
    return undefined;
  return `the training loss has risen from ${say(least)} to ${say(now)}; lower the learning rate or lengthen the warm-up`;
}

function findOscillation({ train }: Curves, { sayGap }: Rival): string | undefined {
  if (train.length < 2 * WINDOW) return undefined;
  const [before, now] = [train.slice(-2 * WINDOW, -WINDOW), train.slice(-WINDOW)];
  const gained = meanLoss(before) - meanLoss(now);
  if (swing(now) < OSCILLATES_BY || gained > swing(now)) return undefined;
  return `the training loss swings by ${sayGap(swing(now))} from report to report and does not fall; choose a larger batch or a lower learning rate`;
}

function findPlateau({ validation, progress }: Curves, { say }: Rival): string | undefined {
  if (validation.length <= PLATEAU_VALIDATIONS || progress > 0.8) return undefined;
  const now = validation.at(-1)!.loss;
  const before = validation.at(-1 - PLATEAU_VALIDATIONS)!.loss;
  if (Math.abs(before - now) > PLATEAU_GAIN * Math.abs(before)) return undefined;
  return `the validation loss stays at ${say(now)} since step ${validation.at(-1 - PLATEAU_VALIDATIONS)!.step}; start the positions sinusoidal, raise the learning rate, or add data`;
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

function findNothingLearnt(
  { validation, progress }: Curves,
  { name, loss, say }: Rival,
): string | undefined {
  const now = validation.at(-1);
  if (now === undefined || progress < RIVAL_BY || now.loss < loss) return undefined;
  return `the validation loss, ${say(now.loss)}, is not below that of ${name}, ${say(loss)}; train longer or raise the learning rate`;
}

type Rule = (curves: Curves, rival: Rival) => string | undefined;

const RULES: Readonly<Record<Exclude<FailureKind, Rival["kind"]>, Rule>> = {
  diverging: findDivergence,
  oscillating: findOscillation,
  plateau: findPlateau,
  overfitting: findOverfitting,
};

/** The signatures that the curves show at their end, each by a rule of its own. */
export function findFailures(curves: Curves, rival: Rival): Failure[] {
  const step = Math.max(curves.train.at(-1)?.step ?? 0, curves.validation.at(-1)?.step ?? 0);
  const rules: Partial<Record<FailureKind, Rule>> = { ...RULES, [rival.kind]: findNothingLearnt };
  return Object.entries(rules).flatMap(([kind, rule]) => {
    const sentence = rule(curves, rival);
    return sentence === undefined ? [] : [{ kind: kind as FailureKind, step, sentence }];
  });
}
