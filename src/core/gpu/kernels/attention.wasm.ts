import type { Code, Local, WrittenFunction } from "./assembler";
import { FunctionBuilder, choose, clearBytes, f32, i32, loop, sequence, v128 } from "./assembler";
import { reduceLanes } from "./elementwise.wasm";
import { writeExp } from "./exponential.wasm";

const ZERO = i32.const(0);
const ONE = i32.const(1);
const FLOAT = i32.const(4);
const VECTOR = i32.const(16);
const BLOCK = i32.const(64); // four vectors
/** Score of the lanes behind the last key: weighs nothing whatever the other scores are. */
const NOWHERE = -1e30;
/** Added to the scores of later keys where attention is causal (the same as for padding: e^-10000 is 0). */
const LATER = -1e4;

/** All variables of one call; sizes are in bytes, and rows of T are filled up to whole vectors ("padded"). */
function declareFrame(builder: FunctionBuilder) {
  const parameter = (): Local => builder.parameter();
  const integer = (): Local => builder.integer();
  const vector = (): Local => builder.vector();
  return {
    projected: parameter(), // [B, T, 3 H D]
    bias: parameter(), // [B, T] or 0
    out: parameter(), // [B, T, H D]
    keys: parameter(), // of one head, transposed and scaled: [D, padded T]
    B: parameter(),
    T: parameter(),
    H: parameter(), // of a row
    D: parameter(),
    heads: parameter(), // to be run, from the first that `projected` and `out` point to
    isCausal: parameter(),
    scale: builder.floatParameter(),
    padding: integer(), // [padded T], behind the keys
    scores: integer(), // [padded T], of one query, behind the padding
    tokenBytes: integer(),
    paddedBytes: integer(),
    headBytes: integer(),
    widthBytes: integer(),
    rowBytes: integer(),
    query: integer(), // [D]
    values: integer(), // of the first token
    output: integer(), // [D]
    row: integer(),
    head: integer(),
    token: integer(),
    at: integer(),
    step: integer(),
    from: integer(),
    to: integer(),
    sums: [vector(), vector(), vector(), vector()] as const,
    value: vector(),
    steps: vector(),
    top: vector(),
    factor: builder.float(),
    later: builder.float(),
  };
}

type Frame = ReturnType<typeof declareFrame>;

/** Sizes, the places in the scratch memory, and the lanes behind the last key. */
function writeSizes(f: Frame): Code {
  const padded = i32.and(i32.add(f.tokenBytes.get, i32.const(15)), i32.const(-16));
  return sequence(
    f.tokenBytes.set(i32.mul(f.T.get, FLOAT)),
    f.paddedBytes.set(padded),
    f.headBytes.set(i32.mul(f.D.get, FLOAT)),
    f.widthBytes.set(i32.mul(f.H.get, f.headBytes.get)),
    f.rowBytes.set(i32.mul(f.widthBytes.get, i32.const(3))),
    f.padding.set(i32.add(f.keys.get, i32.mul(f.D.get, f.paddedBytes.get))),
    f.scores.set(i32.add(f.padding.get, f.paddedBytes.get)),
    clearBytes(f.keys.get, i32.mul(i32.add(f.D.get, i32.const(2)), f.paddedBytes.get)),
    choose(f.isCausal.get, f.later.set(f32.const(LATER)), []),
    loop(
      f.at,
      { from: f.tokenBytes.get, to: f.paddedBytes.get, step: FLOAT },
      f32.store(i32.add(f.padding.get, f.at.get), f32.const(NOWHERE)),
    ),
  );
}

/** The bias of one key, at a place in bytes, left in `factor`. */
function writeBiasOf(f: Frame, place: Code): Code {
  const read = f.factor.set(f32.load(i32.add(f.bias.get, place)));
  return sequence(f.factor.set(f32.const(0)), choose(f.bias.get, read, []));
}

/** What is added to the scores of all keys: where attention is causal, as if all came later. */
function writePadding(f: Frame): Code {
  const target = i32.add(f.padding.get, f.at.get);
  return loop(
    f.at,
    { from: ZERO, to: f.tokenBytes.get, step: FLOAT },
    sequence(writeBiasOf(f, f.at.get), f32.store(target, f32.add(f.factor.get, f.later.get))),
  );
}

/** From this query on its own key is in sight. */
function writeSight(f: Frame): Code {
  const place = i32.mul(f.token.get, FLOAT);
  const show = sequence(
    writeBiasOf(f, place),
    f32.store(i32.add(f.padding.get, place), f.factor.get),
  );
  return choose(f.isCausal.get, show, []);
}

/** Keys of one head as columns, so that four scores are gathered at a time without sums across lanes. */
function writeKeys(f: Frame): Code {
  const copyKey = loop(
    f.step,
    { from: ZERO, to: f.headBytes.get, step: FLOAT },
    sequence(
      f32.store(f.to.get, f32.mul(f32.load(i32.add(f.from.get, f.step.get)), f.scale.get)),
      f.to.set(i32.add(f.to.get, f.paddedBytes.get)),
    ),
  );
  return sequence(
    f.from.set(i32.add(f.query.get, f.widthBytes.get)),
    loop(
      f.at,
      { from: ZERO, to: f.tokenBytes.get, step: FLOAT },
      sequence(
        f.to.set(i32.add(f.keys.get, f.at.get)),
        copyKey,
        f.from.set(i32.add(f.from.get, f.rowBytes.get)),
      ),
    ),
  );
}

/** One product of a vector (at `weights`) with the rows of a matrix, for some columns of it. */
interface Gathering {
  readonly columnBytes: Code;
  /** Inner size in bytes: as many weights, one for each matrix row. */
  readonly innerBytes: Code;
  readonly weights: Local;
  readonly matrix: Local;
  readonly rowBytes: Local;
  readonly start: (n: number) => Code;
  readonly finish: (sum: Local, n: number) => Code;
}

/** Sums for `count` vectors of columns from `at` on. */
function writeGathering(f: Frame, g: Gathering, count: number, hasFma: boolean): Code {
  const sums = f.sums.slice(0, count);
  const addRow = sums.map((sum, n) =>
    sum.set(v128.multiplyAdd(f.value.get, v128.load(f.from.get, 16 * n), sum.get, hasFma)),
  );
  return sequence(
    ...sums.map((sum, n) => sum.set(g.start(n))),
    f.from.set(i32.add(g.matrix.get, f.at.get)),
    loop(
      f.step,
      { from: ZERO, to: g.innerBytes, step: FLOAT },
      sequence(
        f.value.set(v128.loadSplat(i32.add(g.weights.get, f.step.get))),
        ...addRow,
        f.from.set(i32.add(f.from.get, g.rowBytes.get)),
      ),
    ),
    ...sums.map((sum, n) => g.finish(sum, n)),
  );
}

/** All columns: four vectors at a time, then one. */
function writeProduct(f: Frame, g: Gathering, hasFma: boolean): Code {
  const whole = i32.and(g.columnBytes, i32.const(-64));
  return sequence(
    loop(f.at, { from: ZERO, to: whole, step: BLOCK }, writeGathering(f, g, 4, hasFma)),
    loop(f.at, { from: whole, to: g.columnBytes, step: VECTOR }, writeGathering(f, g, 1, hasFma)),
  );
}

/** Scores of one query against all keys, and the largest of each lane. */
function writeScores(f: Frame, hasFma: boolean): Code {
  const product: Gathering = {
    columnBytes: f.paddedBytes.get,
    innerBytes: f.headBytes.get,
    weights: f.query,
    matrix: f.keys,
    rowBytes: f.paddedBytes,
    start: (n) => v128.load(i32.add(f.padding.get, f.at.get), 16 * n),
    finish: (sum, n) =>
      sequence(
        v128.store(i32.add(f.scores.get, f.at.get), sum.get, 16 * n),
        f.top.set(v128.max(f.top.get, sum.get)),
      ),
  };
  return sequence(f.top.set(v128.const(NOWHERE)), writeProduct(f, product, hasFma));
}

/** e^(score - largest score) in place of the scores, and one over their sum. */
function writeShares(f: Frame, hasFma: boolean): Code {
  const [sum, mask] = f.sums;
  const score = i32.add(f.scores.get, f.at.get);
  return sequence(
    f.top.set(v128.splat(reduceLanes(f32.max, f.top))),
    sum.set(v128.const(0)),
    loop(
      f.at,
      { from: ZERO, to: f.paddedBytes.get, step: VECTOR },
      sequence(
        f.value.set(v128.sub(v128.load(score), f.top.get)),
        writeExp({ value: f.value, steps: f.steps, mask }, hasFma),
        v128.store(score, f.value.get),
        sum.set(v128.add(sum.get, f.value.get)),
      ),
    ),
    f.factor.set(f32.div(f32.const(1), reduceLanes(f32.add, sum))),
  );
}

/** Values of all tokens by their shares. */
function writeMix(f: Frame, hasFma: boolean): Code {
  const product: Gathering = {
    columnBytes: f.headBytes.get,
    innerBytes: f.tokenBytes.get,
    weights: f.scores,
    matrix: f.values,
    rowBytes: f.rowBytes,
    start: () => v128.const(0),
    finish: (sum, n) => {
      const mean = v128.mul(sum.get, v128.splat(f.factor.get));
      return v128.store(i32.add(f.output.get, f.at.get), mean, 16 * n);
    },
  };
  return writeProduct(f, product, hasFma);
}

function writeHead(f: Frame, hasFma: boolean): Code {
  const headStart = i32.mul(f.head.get, f.headBytes.get);
  const runToken = sequence(
    writeSight(f),
    writeScores(f, hasFma),
    writeShares(f, hasFma),
    writeMix(f, hasFma),
    f.query.set(i32.add(f.query.get, f.rowBytes.get)),
    f.output.set(i32.add(f.output.get, f.widthBytes.get)),
  );
  return sequence(
    f.query.set(i32.add(f.projected.get, headStart)),
    f.output.set(i32.add(f.out.get, headStart)),
    f.values.set(i32.add(f.query.get, i32.mul(f.widthBytes.get, i32.const(2)))),
    writePadding(f),
    writeKeys(f),
    loop(f.token, { from: ZERO, to: f.T.get, step: ONE }, runToken),
  );
}

/**
 * attention(projected, bias, out, scratch, B, T, H, D, heads, isCausal, 1 / sqrt(D)): projected [B, T, 3 H D],
 * bias [B, T] or address 0, out [B, T, H D]; scratch holds (D + 2) rows of T floats, T rounded up to a multiple
 * of 4. `heads` of the H heads are run, from the one on to which `projected` and `out` point.
 * @param hasFma multiply and add in one instruction, where the browser has relaxed SIMD
 */
export function writeAttention(hasFma: boolean): WrittenFunction {
  const builder = new FunctionBuilder();
  const f = declareFrame(builder);
  const nextBias = f.bias.set(i32.add(f.bias.get, f.tokenBytes.get));
  const runRow = sequence(
    loop(f.head, { from: ZERO, to: f.heads.get, step: ONE }, writeHead(f, hasFma)),
    choose(f.bias.get, nextBias, []),
    f.projected.set(i32.add(f.projected.get, i32.mul(f.T.get, f.rowBytes.get))),
    f.out.set(i32.add(f.out.get, i32.mul(f.T.get, f.widthBytes.get))),
  );
  const rows = loop(f.row, { from: ZERO, to: f.B.get, step: ONE }, runRow);
  return { name: "attention", builder, body: sequence(writeSizes(f), rows) };
}
