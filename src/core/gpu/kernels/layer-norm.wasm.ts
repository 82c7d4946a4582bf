import type { Code, Local, WrittenFunction } from "./assembler";
import { FunctionBuilder, f32, i32, loop, sequence, v128 } from "./assembler";
import { reduceLanes } from "./elementwise.wasm";

const ZERO = i32.const(0);
const VECTOR = i32.const(16);

/** All variables of one call; y is there only where something is added. */
function declareFrame(builder: FunctionBuilder, adds: boolean) {
  const parameter = (): Local => builder.parameter();
  const integer = (): Local => builder.integer();
  return {
    x: parameter(), // [rows, C]
    y: adds ? { start: parameter(), bytes: parameter() } : undefined,
    out: parameter(), // [rows, C]
    weight: parameter(), // [C]
    bias: parameter(), // [C]
    rows: parameter(),
    rowBytes: parameter(),
    share: builder.floatParameter(), // 1 / C
    epsilon: builder.floatParameter(),
    row: integer(),
    at: integer(),
    yAt: integer(),
    value: builder.vector(),
    sum: builder.vector(),
    factor: builder.vector(),
  };
}

type Frame = ReturnType<typeof declareFrame>;

const here = (f: Frame, base: Code): Code => i32.add(base, f.at.get);

/** Runs over one row, four values at a time. */
function alongRow(f: Frame, body: Code): Code {
  return loop(f.at, { from: ZERO, to: f.rowBytes.get, step: VECTOR }, body);
}

/** x, or x + y, to the output, and its sum. */
function writeSum(f: Frame): Code {
  const x = v128.load(here(f, f.x.get));
  const y = f.y && v128.load(here(f, i32.add(f.y.start.get, f.yAt.get)));
  const body = sequence(
    f.value.set(y === undefined ? x : v128.add(x, y)),
    v128.store(here(f, f.out.get), f.value.get),
    f.sum.set(v128.add(f.sum.get, f.value.get)),
  );
  return sequence(f.sum.set(v128.const(0)), alongRow(f, body));
}

/** The output less its mean (`factor`), and the sum of its squares. */
function writeCentre(f: Frame): Code {
  const body = sequence(
    f.value.set(v128.sub(v128.load(here(f, f.out.get)), f.factor.get)),
    v128.store(here(f, f.out.get), f.value.get),
    f.sum.set(v128.add(f.sum.get, v128.mul(f.value.get, f.value.get))),
  );
  return sequence(f.sum.set(v128.const(0)), alongRow(f, body));
}

/** The output times `factor` and the weight, plus the bias. */
function writeScale(f: Frame): Code {
  const centred = v128.mul(v128.load(here(f, f.out.get)), f.factor.get);
  const weighted = v128.mul(centred, v128.load(here(f, f.weight.get)));
  const shifted = v128.add(weighted, v128.load(here(f, f.bias.get)));
  return alongRow(f, v128.store(here(f, f.out.get), shifted));
}

/** To the next row; y starts again after its last one. */
function writeAdvance(f: Frame): Code {
  const nextY = f.y && [
    ...f.yAt.set(i32.add(f.yAt.get, f.rowBytes.get)),
    ...f.yAt.set(i32.mul(f.yAt.get, i32.lessThan(f.yAt.get, f.y.bytes.get))),
  ];
  return sequence(
    f.x.set(i32.add(f.x.get, f.rowBytes.get)),
    f.out.set(i32.add(f.out.get, f.rowBytes.get)),
    nextY ?? [],
  );
}

/**
 * layerNorm(x, out, weight, bias, rows, rowBytes, 1 / C, epsilon), or addAndNorm(x, y, yBytes, out, ...) of
 * x + y, where y starts again after yBytes.
 */
export function writeLayerNorm(adds: boolean): WrittenFunction {
  const builder = new FunctionBuilder();
  const f = declareFrame(builder, adds);
  const mean = f32.mul(reduceLanes(f32.add, f.sum), f.share.get);
  const deviation = f32.sqrt(f32.add(mean, f.epsilon.get)); // the mean of the squares by then
  const runRow = sequence(
    writeSum(f),
    f.factor.set(v128.splat(mean)),
    writeCentre(f),
    f.factor.set(v128.splat(f32.div(f32.const(1), deviation))),
    writeScale(f),
    writeAdvance(f),
  );
  const body = loop(f.row, { from: ZERO, to: f.rows.get, step: i32.const(1) }, runRow);
  return { name: adds ? "addAndNorm" : "layerNorm", builder, body };
}
