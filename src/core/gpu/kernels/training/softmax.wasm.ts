import type { Code, Local, WrittenFunction } from "../assembler";
import { FunctionBuilder, choose, f32, i32, loop, sequence, v128 } from "../assembler";
import { reduceLanes } from "../elementwise.wasm";
import { writeExp } from "../exponential.wasm";

const ZERO = i32.const(0);
const ONE = i32.const(1);
const VECTOR = i32.const(16);
const FLOAT = i32.const(4);
/** Below every score that can be. */
const LEAST = -3e38;
/** Added to the scores of later keys where attention is causal. */
const LATER = -1e4;

/** What a softmax over rows of four floats needs. */
function declareSoftmax(builder: FunctionBuilder) {
  const vector = (): Local => builder.vector();
  return {
    row: builder.integer(),
    at: builder.integer(),
    value: vector(),
    steps: vector(),
    mask: vector(),
    top: vector(),
    sum: vector(),
  };
}

type Frame = ReturnType<typeof declareSoftmax>;

const alongRow = (f: Frame, bytes: Code, body: Code): Code =>
  loop(f.at, { from: ZERO, to: bytes, step: VECTOR }, body);

/** e^(x - top) in place of a row, and its sum in all lanes; `top` holds the largest of each lane before. */
function writeExponentials(f: Frame, x: Local, bytes: Code, hasFma: boolean): Code {
  const here = i32.add(x.get, f.at.get);
  return sequence(
    f.top.set(v128.splat(reduceLanes(f32.max, f.top))),
    f.sum.set(v128.const(0)),
    alongRow(
      f,
      bytes,
      sequence(
        f.value.set(v128.sub(v128.load(here), f.top.get)),
        writeExp({ value: f.value, steps: f.steps, mask: f.mask }, hasFma),
        v128.store(here, f.value.get),
        f.sum.set(v128.add(f.sum.get, f.value.get)),
      ),
    ),
    f.sum.set(v128.splat(reduceLanes(f32.add, f.sum))),
  );
}

/**
 * softmax(x, bias, rows, rowBytes, isCausal): softmax of each row plus one bias for all rows, in place. Where
 * it is causal, row n sees the columns from 0 to n.
 */
export function writeSoftmax(hasFma: boolean): WrittenFunction {
  const builder = new FunctionBuilder();
  const [x, bias, rows, rowBytes, isCausal] = Array.from({ length: 5 }, () =>
    builder.parameter(),
  ) as [Local, Local, Local, Local, Local];
  const f = declareSoftmax(builder);
  const here = i32.add(x.get, f.at.get);
  const later = { from: i32.mul(i32.add(f.row.get, ONE), FLOAT), to: rowBytes.get, step: FLOAT };
  const hide = loop(f.at, later, f32.store(here, f32.add(f32.load(here), f32.const(LATER))));
  const addBias = sequence(
    f.value.set(v128.add(f.value.get, v128.load(i32.add(bias.get, f.at.get)))),
    v128.store(here, f.value.get),
  );
  const runRow = sequence(
    choose(isCausal.get, hide, []),
    f.top.set(v128.const(LEAST)),
    alongRow(
      f,
      rowBytes.get,
      sequence(
        f.value.set(v128.load(here)),
        choose(bias.get, addBias, []),
        f.top.set(v128.max(f.top.get, f.value.get)),
      ),
    ),
    writeExponentials(f, x, rowBytes.get, hasFma),
    f.sum.set(v128.div(v128.const(1), f.sum.get)),
    alongRow(f, rowBytes.get, v128.store(here, v128.mul(v128.load(here), f.sum.get))),
    x.set(i32.add(x.get, rowBytes.get)),
  );
  const body = loop(f.row, { from: ZERO, to: rows.get, step: ONE }, runRow);
  return { name: "softmax", builder, body };
}

/**
 * softmaxGradient(shares, d, rows, rowBytes, scale): d = scale * shares * (d - sum of shares * d in its row), in
 * place.
 */
export function writeSoftmaxGradient(): WrittenFunction {
  const builder = new FunctionBuilder();
  const [shares, d, rows, rowBytes] = Array.from({ length: 4 }, () => builder.parameter()) as [
    Local,
    Local,
    Local,
    Local,
  ];
  const scale = builder.floatParameter();
  const f = declareSoftmax(builder);
  const [share, here] = [i32.add(shares.get, f.at.get), i32.add(d.get, f.at.get)];
  const centred = v128.sub(v128.load(here), f.sum.get);
  const runRow = sequence(
    f.sum.set(v128.const(0)),
    alongRow(
      f,
      rowBytes.get,
      f.sum.set(v128.add(f.sum.get, v128.mul(v128.load(share), v128.load(here)))),
    ),
    f.sum.set(v128.splat(reduceLanes(f32.add, f.sum))),
    f.value.set(v128.splat(scale.get)),
    alongRow(
      f,
      rowBytes.get,
      v128.store(here, v128.mul(v128.mul(v128.load(share), f.value.get), centred)),
    ),
    ...[shares, d].map((base) => base.set(i32.add(base.get, rowBytes.get))),
  );
  const body = loop(f.row, { from: ZERO, to: rows.get, step: ONE }, runRow);
  return { name: "softmaxGradient", builder, body };
}

/**
 * crossEntropy(scores, labels, weights, parts, rows, V, rowBytes): for each row of `scores` the parts of its
 * loss, the sum of e^(score - top) and top less the label's score; the scores become their gradient times the
 * row's weight. Columns from V to the end of a row count as absent and get 0.
 */
export function writeCrossEntropy(hasFma: boolean): WrittenFunction {
  const builder = new FunctionBuilder();
  const [scores, labels, weights, parts, rows, V, rowBytes] = Array.from({ length: 7 }, () =>
    builder.parameter(),
  ) as [Local, Local, Local, Local, Local, Local, Local];
  const f = declareSoftmax(builder);
  const place = builder.integer();
  const here = i32.add(scores.get, f.at.get);
  const behind = { from: i32.mul(V.get, FLOAT), to: rowBytes.get, step: FLOAT };
  const top = v128.lane(f.top.get, 0);
  const runRow = sequence(
    loop(f.at, behind, f32.store(here, f32.const(LEAST))),
    f.top.set(v128.const(LEAST)),
    alongRow(f, rowBytes.get, f.top.set(v128.max(f.top.get, v128.load(here)))),
    f.top.set(v128.splat(reduceLanes(f32.max, f.top))),
    place.set(i32.add(scores.get, i32.mul(i32.load(labels.get), FLOAT))),
    f32.store(parts.get, f32.sub(top, f32.load(place.get)), 4),
    writeExponentials(f, scores, rowBytes.get, hasFma),
    f32.store(parts.get, v128.lane(f.sum.get, 0)),
    f.sum.set(v128.div(v128.loadSplat(weights.get), f.sum.get)),
    alongRow(f, rowBytes.get, v128.store(here, v128.mul(v128.load(here), f.sum.get))),
    f32.store(place.get, f32.sub(f32.load(place.get), f32.load(weights.get))),
    scores.set(i32.add(scores.get, rowBytes.get)),
    ...[labels, weights].map((base) => base.set(i32.add(base.get, FLOAT))),
    parts.set(i32.add(parts.get, i32.const(8))),
  );
  const body = loop(f.row, { from: ZERO, to: rows.get, step: ONE }, runRow);
  return { name: "crossEntropy", builder, body };
}
