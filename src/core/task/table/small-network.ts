/** A small network on a few numbers: what coordinates alone can do when a line is not enough (AD-21). */
import { createPace, type Progress } from "../../pace";
import { createRandom, shuffle, type Random } from "../../random";
import { fitScaling, standardise, type Matrix } from "../linear-model";
import { softmaxRows } from "../logistic";

const HIDDEN = 32;
const BATCH = 32;
const EPOCHS = 80;
/** Epochs without a better validation loss after which it stops. */
const PATIENCE = 12;
const RATE = 5e-3;
const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-8];

/** Two hidden layers of tanh: sizes and where each layer's [inputs + 1, outputs] lie in the flat parameters. */
interface Shape {
  readonly sizes: readonly number[];
  readonly starts: readonly number[];
  readonly count: number;
}

function toShape(inputs: number, outputs: number): Shape {
  const sizes = [inputs, HIDDEN, HIDDEN, outputs];
  const starts: number[] = [];
  let count = 0;
  for (let l = 0; l + 1 < sizes.length; l++) {
    starts.push(count);
    count += (sizes[l]! + 1) * sizes[l + 1]!;
  }
  return { sizes, starts, count };
}

/** Glorot and Bengio's uniform start has this deviation. */
function start({ sizes, starts, count }: Shape, random: Random): Float64Array {
  const parameters = new Float64Array(count);
  starts.forEach((from, l) => {
    const [I, O] = [sizes[l]!, sizes[l + 1]!];
    const deviation = Math.sqrt(2 / (I + O));
    for (let n = 0; n < I * O; n++) parameters[from + n] = deviation * random.normal();
  });
  return parameters;
}

/** The states of all layers for one row; the last one has no tanh. */
function forward({ sizes, starts }: Shape, p: Float64Array, x: Float64Array): Float64Array[] {
  const states = [x];
  starts.forEach((from, l) => {
    const [I, O] = [sizes[l]!, sizes[l + 1]!];
    const out = p.slice(from + I * O, from + (I + 1) * O); // biases
    for (let i = 0; i < I; i++) {
      const value = states[l]![i]!;
      for (let o = 0; o < O; o++) out[o]! += value * p[from + i * O + o]!;
    }
    states.push(l + 1 < starts.length ? out.map(Math.tanh) : out);
  });
  return states;
}

/** Adds one row's gradient; `d` is that of the outputs. */
function backward(
  { sizes, starts }: Shape,
  p: Float64Array,
  states: readonly Float64Array[],
  d: Float64Array,
  gradient: Float64Array,
): void {
  let dOut = d;
  for (let l = starts.length - 1; l >= 0; l--) {
    const [from, I, O] = [starts[l]!, sizes[l]!, sizes[l + 1]!];
    const x = states[l]!;
    const dIn = new Float64Array(I);
    for (let i = 0; i < I; i++) {
      let sum = 0;
      for (let o = 0; o < O; o++) {
        gradient[from + i * O + o]! += x[i]! * dOut[o]!;
        sum += p[from + i * O + o]! * dOut[o]!;
      }
      dIn[i] = sum * (1 - x[i]! * x[i]!); // tanh
    }
    for (let o = 0; o < O; o++) gradient[from + I * O + o]! += dOut[o]!;
    dOut = dIn;
  }
}

/** What is asked: classes, or columns of numbers, by row number. */
export type NetworkTarget =
  | { readonly kind: "classes"; readonly classes: ArrayLike<number>; readonly count: number }
  | { readonly kind: "numbers"; readonly values: Matrix };

/** Loss of one row, and the gradient of the outputs in their place. */
function lossOf(
  target: NetworkTarget,
  y: Float64Array | undefined,
  outputs: Float64Array,
  row: number,
) {
  if (target.kind === "classes") {
    softmaxRows(outputs, outputs.length);
    const k = target.classes[row]!;
    const loss = -Math.log(Math.max(outputs[k]!, 1e-300));
    outputs[k]! -= 1;
    return loss;
  }
  const D = outputs.length;
  let loss = 0;
  for (let d = 0; d < D; d++) {
    outputs[d]! -= y![row * D + d]!;
    loss += outputs[d]! ** 2 / D;
    outputs[d]! *= 2 / D;
  }
  return loss;
}

class Adam {
  readonly #means: Float64Array;
  readonly #squares: Float64Array;
  #step = 0;

  constructor(count: number) {
    this.#means = new Float64Array(count);
    this.#squares = new Float64Array(count);
  }

  /** One step of Adam (Kingma and Ba 2015); empties the gradient. */
  step(p: Float64Array, gradient: Float64Array, scale: number): void {
    this.#step++;
    const [c1, c2] = [1 - BETA1 ** this.#step, 1 - BETA2 ** this.#step];
    for (let n = 0; n < p.length; n++) {
      const g = gradient[n]! * scale;
      this.#means[n] = BETA1 * this.#means[n]! + (1 - BETA1) * g;
      this.#squares[n] = BETA2 * this.#squares[n]! + (1 - BETA2) * g * g;
      p[n]! -= (RATE * (this.#means[n]! / c1)) / (Math.sqrt(this.#squares[n]! / c2) + EPSILON);
    }
    gradient.fill(0);
  }
}

/**
 * Trains the network on some rows, keeps the epoch that validates best, and answers for all rows: logits [N, K],
 * or numbers [N, D] in their own unit. The same seed gives the same answers. Throws "stopped".
 */
export async function* runSmallNetwork(
  inputs: Matrix, // [N, C]
  target: NetworkTarget,
  { train, validation, seed }: { train: Uint32Array; validation: Uint32Array; seed: number },
  signal?: AbortSignal,
): AsyncGenerator<Progress, Float64Array, void> {
  const pace = createPace(signal);
  const random = createRandom(seed, "small network");
  const N = inputs.data.length / inputs.width;
  const all = Uint32Array.from({ length: N }, (_, n) => n);
  const x = standardise(inputs, all, fitScaling(inputs, train));
  const scaling = target.kind === "numbers" ? fitScaling(target.values, train) : undefined;
  const y = target.kind === "numbers" ? standardise(target.values, all, scaling!) : undefined;
  const outputs = target.kind === "classes" ? target.count : target.values.width;
  const shape = toShape(inputs.width, outputs);
  const row = (n: number): Float64Array => x.subarray(n * inputs.width, (n + 1) * inputs.width);
  const parameters = start(shape, random);
  const gradient = new Float64Array(shape.count);
  const adam = new Adam(shape.count);
  const measure = (): number =>
    validation.reduce(
      (sum, n) => sum + lossOf(target, y, forward(shape, parameters, row(n)).at(-1)!, n),
      0,
    );
  let best = { loss: Infinity, epoch: 0, parameters: parameters.slice() };
  for (let epoch = 1; epoch <= EPOCHS && epoch - best.epoch <= PATIENCE; epoch++) {
    const order = shuffle(train.slice(), random);
    for (let from = 0; from < order.length; from += BATCH) {
      const batch = order.subarray(from, from + BATCH);
      for (const n of batch) {
        const states = forward(shape, parameters, row(n));
        const d = states.at(-1)!.slice();
        lossOf(target, y, d, n);
        backward(shape, parameters, states, d, gradient);
      }
      adam.step(parameters, gradient, 1 / batch.length);
      if (pace.due()) await pace.rest();
    }
    const loss = measure();
    if (loss < best.loss) best = { loss, epoch, parameters: parameters.slice() };
    yield { phase: "train a small network", done: epoch, total: EPOCHS, unit: "epochs" };
  }
  const answers = new Float64Array(N * outputs);
  all.forEach((n) => answers.set(forward(shape, best.parameters, row(n)).at(-1)!, n * outputs));
  if (scaling === undefined) return answers;
  return answers.map(
    (value, at) => value * scaling.scale[at % outputs]! + scaling.mean[at % outputs]!,
  );
}
