import type { Code, Local, WrittenFunction } from "../assembler";
import { FunctionBuilder, choose, f32, i32, loop, sequence, v128 } from "../assembler";
import { reduceLanes } from "../elementwise.wasm";

const ZERO = i32.const(0);
const VECTOR = i32.const(16);
/** Bytes whose squares are summed in float32 before the caller goes on in float64. */
export const SQUARES_BLOCK = 4096;

/** squares(x, bytes, sums): the sum of the squares of each block of 4,096 bytes. */
export function writeSquares(): WrittenFunction {
  const builder = new FunctionBuilder();
  const [x, bytes, sums] = [builder.parameter(), builder.parameter(), builder.parameter()];
  const [block, at, end] = [builder.integer(), builder.integer(), builder.integer()];
  const [value, sum] = [builder.vector(), builder.vector()];
  const addSquare = sequence(
    value.set(v128.load(i32.add(x.get, at.get))),
    sum.set(v128.add(sum.get, v128.mul(value.get, value.get))),
  );
  const runBlock = sequence(
    end.set(i32.add(block.get, i32.const(SQUARES_BLOCK))),
    choose(i32.lessThan(bytes.get, end.get), end.set(bytes.get), []),
    sum.set(v128.const(0)),
    loop(at, { from: block.get, to: end.get, step: VECTOR }, addSquare),
    f32.store(sums.get, reduceLanes(f32.add, sum)),
    sums.set(i32.add(sums.get, i32.const(4))),
  );
  const blocks = { from: ZERO, to: bytes.get, step: i32.const(SQUARES_BLOCK) };
  return { name: "squares", builder, body: loop(block, blocks, runBlock) };
}

/**
 * adamw(parameters, gradients, means, squares, bytes, scale, beta1, beta2, keep, rate, root, epsilon): one step
 * of AdamW (Loshchilov and Hutter 2019) in place. `scale` clips the gradients, `keep` is 1 - learning rate *
 * decay, `rate` is the learning rate over 1 - beta1^t, `root` is one over the root of 1 - beta2^t.
 */
export function writeAdamw(): WrittenFunction {
  const builder = new FunctionBuilder();
  const [parameters, gradients, means, squares, bytes] = Array.from({ length: 5 }, () =>
    builder.parameter(),
  ) as [Local, Local, Local, Local, Local];
  const [scale, beta1, beta2, keep, rate, root, epsilon] = Array.from({ length: 7 }, () =>
    builder.floatParameter(),
  ) as [Local, Local, Local, Local, Local, Local, Local];
  const at = builder.integer();
  const [gradient, mean, square, stepped] = Array.from({ length: 4 }, () => builder.vector()) as [
    Local,
    Local,
    Local,
    Local,
  ];
  const here = (base: Local): Code => i32.add(base.get, at.get);
  const times = (value: Code, factor: Code): Code => v128.mul(value, v128.splat(factor));
  const rest = (beta: Local): Code => f32.sub(f32.const(1), beta.get);
  const mix = (base: Local, beta: Local, value: Code): Code =>
    v128.add(times(v128.load(here(base)), beta.get), times(value, rest(beta)));
  const denominator = v128.add(times(v128.sqrt(square.get), root.get), v128.splat(epsilon.get));
  const body = sequence(
    gradient.set(times(v128.load(here(gradients)), scale.get)),
    mean.set(mix(means, beta1, gradient.get)),
    square.set(mix(squares, beta2, v128.mul(gradient.get, gradient.get))),
    v128.store(here(means), mean.get),
    v128.store(here(squares), square.get),
    stepped.set(v128.div(times(mean.get, rate.get), denominator)),
    v128.store(
      here(parameters),
      v128.sub(times(v128.load(here(parameters)), keep.get), stepped.get),
    ),
  );
  const range = { from: ZERO, to: bytes.get, step: VECTOR };
  return { name: "adamw", builder, body: loop(at, range, body) };
}
