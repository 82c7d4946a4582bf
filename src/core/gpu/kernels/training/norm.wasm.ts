import type { Code, Local, WrittenFunction } from "../assembler";
import { FunctionBuilder, choose, f32, i32, loop, sequence, v128 } from "../assembler";
import { reduceLanes } from "../elementwise.wasm";

const ZERO = i32.const(0);
const ONE = i32.const(1);
const VECTOR = i32.const(16);
const FLOAT = i32.const(4);

/** The variables that both directions have. */
function declareLoop(builder: FunctionBuilder) {
  return {
    row: builder.integer(),
    at: builder.integer(),
    value: builder.vector(),
    sum: builder.vector(),
    factor: builder.vector(),
  };
}

/**
 * keepNorm(x, y, out, normal, scales, weight, bias, rows, rowBytes, 1 / C, epsilon): layer normalisation of
 * x + y (of x for address 0), which also keeps what the way back needs: the normalised values before weight and
 * bias, [N, C], and one over the standard deviation, [N].
 */
export function writeKeepNorm(): WrittenFunction {
  const builder = new FunctionBuilder();
  const [x, y, out, normal, scales, weight, bias, rows, rowBytes] = Array.from({ length: 9 }, () =>
    builder.parameter(),
  ) as [Local, Local, Local, Local, Local, Local, Local, Local, Local];
  const [share, epsilon] = [builder.floatParameter(), builder.floatParameter()];
  const f = declareLoop(builder);
  const here = (base: Local): Code => i32.add(base.get, f.at.get);
  const alongRow = (body: Code): Code =>
    loop(f.at, { from: ZERO, to: rowBytes.get, step: VECTOR }, body);
  const mean = f32.mul(reduceLanes(f32.add, f.sum), share.get);
  const runRow = sequence(
    f.sum.set(v128.const(0)),
    alongRow(
      sequence(
        f.value.set(v128.load(here(x))),
        choose(y.get, f.value.set(v128.add(f.value.get, v128.load(here(y)))), []),
        v128.store(here(normal), f.value.get),
        f.sum.set(v128.add(f.sum.get, f.value.get)),
      ),
    ),
    f.factor.set(v128.splat(mean)),
    f.sum.set(v128.const(0)),
    alongRow(
      sequence(
        f.value.set(v128.sub(v128.load(here(normal)), f.factor.get)),
        v128.store(here(normal), f.value.get),
        f.sum.set(v128.add(f.sum.get, v128.mul(f.value.get, f.value.get))),
      ),
    ),
    f.factor.set(v128.splat(f32.div(f32.const(1), f32.sqrt(f32.add(mean, epsilon.get))))),
    f32.store(scales.get, v128.lane(f.factor.get, 0)),
    alongRow(
      sequence(
        f.value.set(v128.mul(v128.load(here(normal)), f.factor.get)),
        v128.store(here(normal), f.value.get),
        v128.store(
          here(out),
          v128.add(v128.mul(f.value.get, v128.load(here(weight))), v128.load(here(bias))),
        ),
      ),
    ),
    ...[x, out, normal].map((base) => base.set(i32.add(base.get, rowBytes.get))),
    choose(y.get, y.set(i32.add(y.get, rowBytes.get)), []),
    scales.set(i32.add(scales.get, FLOAT)),
  );
  const body = loop(f.row, { from: ZERO, to: rows.get, step: ONE }, runRow);
  return { name: "keepNorm", builder, body };
}

/**
 * normSums(d, normal, dWeight, dBias, rows, rowBytes, bytes): adds the gradients of weight and bias, in the order
 * of the rows; of each row only so many bytes.
 */
export function writeNormSums(): WrittenFunction {
  const builder = new FunctionBuilder();
  const [d, normal, dWeight, dBias, rows, rowBytes, bytes] = Array.from({ length: 7 }, () =>
    builder.parameter(),
  ) as [Local, Local, Local, Local, Local, Local, Local];
  const [row, at, value] = [builder.integer(), builder.integer(), builder.vector()];
  const here = (base: Local): Code => i32.add(base.get, at.get);
  const addTo = (base: Local, added: Code): Code =>
    v128.store(here(base), v128.add(v128.load(here(base)), added));
  const addFour = sequence(
    value.set(v128.load(here(d))),
    addTo(dBias, value.get),
    addTo(dWeight, v128.mul(value.get, v128.load(here(normal)))),
  );
  const addRow = sequence(
    loop(at, { from: ZERO, to: bytes.get, step: VECTOR }, addFour),
    ...[d, normal].map((base) => base.set(i32.add(base.get, rowBytes.get))),
  );
  const body = loop(row, { from: ZERO, to: rows.get, step: ONE }, addRow);
  return { name: "normSums", builder, body };
}

/**
 * normGradient(d, normal, scales, weight, out, rows, rowBytes, 1 / C): from the gradient of the result to that
 * of the input (out).
 */
export function writeNormGradient(): WrittenFunction {
  const builder = new FunctionBuilder();
  const [d, normal, scales, weight, out, rows, rowBytes] = Array.from({ length: 7 }, () =>
    builder.parameter(),
  ) as [Local, Local, Local, Local, Local, Local, Local];
  const share = builder.floatParameter();
  const f = declareLoop(builder);
  const [normalValue, product, along] = [builder.vector(), builder.vector(), builder.vector()];
  const here = (base: Local): Code => i32.add(base.get, f.at.get);
  const alongRow = (body: Code): Code =>
    loop(f.at, { from: ZERO, to: rowBytes.get, step: VECTOR }, body);
  const meanOf = (sum: Local): Code => v128.splat(f32.mul(reduceLanes(f32.add, sum), share.get));
  const runRow = sequence(
    f.sum.set(v128.const(0)),
    product.set(v128.const(0)),
    alongRow(
      sequence(
        f.value.set(v128.load(here(d))),
        normalValue.set(v128.load(here(normal))),
        f.value.set(v128.mul(f.value.get, v128.load(here(weight)))),
        v128.store(here(out), f.value.get),
        f.sum.set(v128.add(f.sum.get, f.value.get)),
        product.set(v128.add(product.get, v128.mul(f.value.get, normalValue.get))),
      ),
    ),
    f.factor.set(meanOf(f.sum)),
    along.set(meanOf(product)),
    f.value.set(v128.loadSplat(scales.get)),
    alongRow(
      v128.store(
        here(out),
        v128.mul(
          v128.sub(
            v128.sub(v128.load(here(out)), f.factor.get),
            v128.mul(v128.load(here(normal)), along.get),
          ),
          f.value.get,
        ),
      ),
    ),
    ...[d, normal, out].map((base) => base.set(i32.add(base.get, rowBytes.get))),
    scales.set(i32.add(scales.get, FLOAT)),
  );
  const body = loop(f.row, { from: ZERO, to: rows.get, step: ONE }, runRow);
  return { name: "normGradient", builder, body };
}
