import type { Code, Local, WrittenFunction } from "./assembler";
import { FunctionBuilder, choose, clearBytes, f32, i32, loop, sequence, v128 } from "./assembler";
import { polynomial, reduceLanes } from "./elementwise.wasm";

const ZERO = i32.const(0);
const FLOAT = i32.const(4);
const VECTOR = i32.const(16);
const BLOCK = i32.const(64); // four vectors
/** Score of the lanes behind the last key: weighs nothing whatever the other scores are. */
const NOWHERE = -1e30;

const LN2_HIGH = 0.693359375; // exact in few bits, so that n times it is exact
const LN2_LOW = Math.LN2 - LN2_HIGH;
const EXP_TAYLOR = [1, 1, 1 / 2, 1 / 6, 1 / 24, 1 / 120, 1 / 720]; // on |r| <= 0.35: 1.2e-7
/** Added to a small float it leaves the nearest integer in the last bits. */
const ROUNDING = 1.5 * 2 ** 23;

/** e^x of four floats x <= 0, left in `value`; `steps` is scratch. */
function writeExp(value: Local, steps: Local, hasFma: boolean): Code {
  const rounded = v128.sub(steps.get, v128.const(ROUNDING));
  const subtract = (share: number): Code =>
    value.set(v128.multiplyAdd(rounded, v128.const(-share), value.get, hasFma));
  const power = v128.addIntegers(
    v128.shiftLeft(steps.get, 23), // the bits of ROUNDING are shifted out
    v128.constInteger(127 << 23),
  );
  return sequence(
    value.set(v128.max(value.get, v128.const(-87))),
    steps.set(v128.add(v128.mul(value.get, v128.const(Math.LOG2E)), v128.const(ROUNDING))),
    subtract(LN2_HIGH),
    subtract(LN2_LOW),
    value.set(v128.mul(polynomial(EXP_TAYLOR, value.get, hasFma), power)),
  );
}

/** Sizes in bytes and addresses of one call. */
interface Frame {
  readonly keys: Local; // transposed and scaled: [D, padded T]
  readonly padding: Local; // [padded T]
  readonly scores: Local; // [padded T]
  readonly tokenBytes: Local; // T floats
  readonly paddedBytes: Local; // T floats, up to whole vectors
  readonly headBytes: Local; // D floats
  readonly rowBytes: Local; // 3 C floats
}

/**
 * Columns of a product, four vectors at a time and then one: for each, `accumulators` start as `start` says,
 * gather `step` over the inner loop and end in `finish`.
 */
function writeColumns(
  columns: { at: Local; bytes: Code; accumulators: readonly Local[] },
  inner: (count: number) => Code,
): Code {
  const { at, bytes, accumulators } = columns;
  const whole = i32.and(bytes, i32.const(-64));
  return sequence(
    loop(at, { from: ZERO, to: whole, step: BLOCK }, inner(accumulators.length)),
    loop(at, { from: whole, to: bytes, step: VECTOR }, inner(1)),
  );
}

/**
 * attention(projected, bias, out, scratch, B, T, H, D, 1 / sqrt(D)): projected [B, T, 3 H D], bias [B, T] or
 * address 0, out [B, T, H D]; scratch holds (D + 2) rows of T floats, T rounded up to a multiple of 4.
 * The keys of one head are transposed once, so that four scores are gathered at a time without sums across
 * lanes.
 * @param hasFma multiply and add in one instruction, where the browser has relaxed SIMD
 */
export function writeAttention(hasFma: boolean): WrittenFunction {
  const builder = new FunctionBuilder();
  const [projected, bias, out] = [builder.parameter(), builder.parameter(), builder.parameter()];
  const [scratch, B, T] = [builder.parameter(), builder.parameter(), builder.parameter()];
  const [H, D, scale] = [builder.parameter(), builder.parameter(), builder.floatParameter()];
  const integers = (): Local => builder.integer();
  const frame: Frame = {
    keys: scratch,
    padding: integers(),
    scores: integers(),
    tokenBytes: integers(),
    paddedBytes: integers(),
    headBytes: integers(),
    rowBytes: integers(),
  };
  const [b, h, i, at, step, from, to] = Array.from({ length: 7 }, integers) as Array7;
  const [query, output, widthBytes] = [integers(), integers(), integers()];
  const accumulators = Array.from({ length: 4 }, () => builder.vector());
  const [value, steps, top] = [builder.vector(), builder.vector(), builder.vector()];
  const factor = builder.float();

  const setSizes = sequence(
    frame.tokenBytes.set(i32.mul(T.get, FLOAT)),
    frame.paddedBytes.set(i32.and(i32.add(frame.tokenBytes.get, i32.const(15)), i32.const(-16))),
    frame.headBytes.set(i32.mul(D.get, FLOAT)),
    widthBytes.set(i32.mul(H.get, frame.headBytes.get)),
    frame.rowBytes.set(i32.mul(widthBytes.get, i32.const(3))),
    frame.padding.set(i32.add(scratch.get, i32.mul(D.get, frame.paddedBytes.get))),
    frame.scores.set(i32.add(frame.padding.get, frame.paddedBytes.get)),
    clearBytes(scratch.get, i32.mul(i32.add(D.get, i32.const(2)), frame.paddedBytes.get)),
    loop(
      at,
      { from: frame.tokenBytes.get, to: frame.paddedBytes.get, step: FLOAT },
      f32.store(i32.add(frame.padding.get, at.get), f32.const(NOWHERE)),
    ),
  );
  const copyBias = choose(
    bias.get,
    sequence(
      loop(
        at,
        { from: ZERO, to: frame.tokenBytes.get, step: FLOAT },
        f32.store(i32.add(frame.padding.get, at.get), f32.load(i32.add(bias.get, at.get))),
      ),
      bias.set(i32.add(bias.get, frame.tokenBytes.get)),
    ),
    [],
  );
  const transposeKeys = sequence(
    from.set(i32.add(query.get, widthBytes.get)),
    loop(
      at,
      { from: ZERO, to: frame.tokenBytes.get, step: FLOAT },
      sequence(
        to.set(i32.add(frame.keys.get, at.get)),
        loop(
          step,
          { from: ZERO, to: frame.headBytes.get, step: FLOAT },
          sequence(
            f32.store(to.get, f32.mul(f32.load(i32.add(from.get, step.get)), scale.get)),
            to.set(i32.add(to.get, frame.paddedBytes.get)),
          ),
        ),
        from.set(i32.add(from.get, frame.rowBytes.get)),
      ),
    ),
  );
  /** acc[n] += lanes of the row at `from`, times one float that is splat from `weight`. */
  const gather = (count: number, weight: Code): Code =>
    sequence(
      value.set(v128.loadSplat(weight)),
      ...accumulators
        .slice(0, count)
        .map((sum, n) =>
          sum.set(v128.multiplyAdd(value.get, v128.load(from.get, 16 * n), sum.get, hasFma)),
        ),
    );
  const scoreKeys = sequence(
    top.set(v128.const(NOWHERE)),
    writeColumns({ at, bytes: frame.paddedBytes.get, accumulators }, (count) =>
      sequence(
        ...accumulators
          .slice(0, count)
          .map((sum, n) => sum.set(v128.load(i32.add(frame.padding.get, at.get), 16 * n))),
        from.set(i32.add(frame.keys.get, at.get)),
        loop(
          step,
          { from: ZERO, to: frame.headBytes.get, step: FLOAT },
          sequence(
            gather(count, i32.add(query.get, step.get)),
            from.set(i32.add(from.get, frame.paddedBytes.get)),
          ),
        ),
        ...accumulators
          .slice(0, count)
          .flatMap((sum, n) => [
            v128.store(i32.add(frame.scores.get, at.get), sum.get, 16 * n),
            top.set(v128.max(top.get, sum.get)),
          ]),
      ),
    ),
  );
  const normalise = sequence(
    top.set(v128.splat(reduceLanes(f32.max, top))),
    accumulators[0]!.set(v128.const(0)),
    loop(
      at,
      { from: ZERO, to: frame.paddedBytes.get, step: VECTOR },
      sequence(
        value.set(v128.sub(v128.load(i32.add(frame.scores.get, at.get)), top.get)),
        writeExp(value, steps, hasFma),
        v128.store(i32.add(frame.scores.get, at.get), value.get),
        accumulators[0]!.set(v128.add(accumulators[0]!.get, value.get)),
      ),
    ),
    factor.set(f32.div(f32.const(1), reduceLanes(f32.add, accumulators[0]!))),
  );
  const values = i32.add(query.get, i32.mul(widthBytes.get, i32.const(2)));
  const mixValues = (firstQuery: Code): Code =>
    writeColumns({ at, bytes: frame.headBytes.get, accumulators }, (count) =>
      sequence(
        ...accumulators.slice(0, count).map((sum) => sum.set(v128.const(0))),
        from.set(i32.add(firstQuery, at.get)),
        loop(
          step,
          { from: ZERO, to: frame.tokenBytes.get, step: FLOAT },
          sequence(
            gather(count, i32.add(frame.scores.get, step.get)),
            from.set(i32.add(from.get, frame.rowBytes.get)),
          ),
        ),
        ...accumulators
          .slice(0, count)
          .map((sum, n) =>
            v128.store(
              i32.add(output.get, at.get),
              v128.mul(sum.get, v128.splat(factor.get)),
              16 * n,
            ),
          ),
      ),
    );
  const firstValue = integers();
  const runHead = sequence(
    query.set(i32.add(projected.get, i32.mul(h.get, frame.headBytes.get))),
    output.set(i32.add(out.get, i32.mul(h.get, frame.headBytes.get))),
    firstValue.set(values),
    transposeKeys,
    loop(
      i,
      { from: ZERO, to: T.get, step: i32.const(1) },
      sequence(
        scoreKeys,
        normalise,
        mixValues(firstValue.get),
        query.set(i32.add(query.get, frame.rowBytes.get)),
        output.set(i32.add(output.get, widthBytes.get)),
      ),
    ),
  );
  const runRow = sequence(
    copyBias,
    loop(h, { from: ZERO, to: H.get, step: i32.const(1) }, runHead),
    projected.set(i32.add(projected.get, i32.mul(T.get, frame.rowBytes.get))),
    out.set(i32.add(out.get, i32.mul(T.get, widthBytes.get))),
  );
  const body = sequence(setSizes, loop(b, { from: ZERO, to: B.get, step: i32.const(1) }, runRow));
  return { name: "attention", builder, body };
}

type Array7 = [Local, Local, Local, Local, Local, Local, Local];
