import type { Code, Local, WrittenFunction } from "./assembler";
import { FunctionBuilder, copyBytes, i32, loop, sequence, v128 } from "./assembler";

/** Bytes of four floats. */
const VECTOR = i32.const(16);
const ZERO = i32.const(0);

/** Horner's scheme on four floats; coefficients from the constant term up. */
export function polynomial(coefficients: readonly number[], x: Code, hasFma: boolean): Code {
  return coefficients.reduceRight<Code>(
    (sum, c) =>
      sum.length === 0 ? v128.const(c) : v128.multiplyAdd(sum, x, v128.const(c), hasFma),
    [],
  );
}

/** Sum, or maximum, of the four lanes as one float. */
export function reduceLanes(join: (a: Code, b: Code) => Code, vector: Local): Code {
  const [a, b, c, d] = [0, 1, 2, 3].map((lane) => v128.lane(vector.get, lane));
  return join(join(a!, b!), join(c!, d!));
}

/**
 * The normal distribution function less one half as x P(x^2) / Q(x^2) on |x| <= 5.6: a weighted least
 * squares fit to erf, off by less than 1e-8; in float32 GELU is off by less than 1e-6.
 */
const PHI_RANGE = 5.6;
const PHI_ABOVE = [
  0.398942222, 0.0343726413, 0.00470703024, 0.00017381363, 6.35610717e-6, 2.21468851e-8,
];
const PHI_BELOW = [1, 0.252825151, 0.0289380609, 0.00191276811, 7.50891701e-5, 1.18022705e-6];

/** The normal distribution function of `value`, as an expression; `capped` and `square` are scratch. */
export function writePhi(
  { value, capped, square }: { value: Local; capped: Local; square: Local },
  hasFma: boolean,
): { prepare: Code; phi: Code } {
  const above = polynomial(PHI_ABOVE, square.get, hasFma);
  const ratio = v128.div(above, polynomial(PHI_BELOW, square.get, hasFma));
  return {
    prepare: sequence(
      capped.set(v128.max(v128.min(value.get, v128.const(PHI_RANGE)), v128.const(-PHI_RANGE))),
      square.set(v128.mul(capped.get, capped.get)),
    ),
    phi: v128.multiplyAdd(capped.get, ratio, v128.const(0.5), hasFma),
  };
}

/** gelu(x, out, bytes): out = x times the normal distribution function of x. */
export function writeGelu(hasFma: boolean): WrittenFunction {
  const builder = new FunctionBuilder();
  const [x, out, bytes] = [builder.parameter(), builder.parameter(), builder.parameter()];
  const at = builder.integer();
  const [value, capped, square] = [builder.vector(), builder.vector(), builder.vector()];
  const { prepare, phi } = writePhi({ value, capped, square }, hasFma);
  const body = sequence(
    value.set(v128.load(i32.add(x.get, at.get))),
    prepare,
    v128.store(i32.add(out.get, at.get), v128.mul(value.get, phi)),
  );
  return {
    name: "gelu",
    builder,
    body: loop(at, { from: ZERO, to: bytes.get, step: VECTOR }, body),
  };
}

/** rows(table, numbers, out, count, rowBytes): out[n] = table[numbers[n]]. */
export function writeRows(): WrittenFunction {
  const builder = new FunctionBuilder();
  const [table, numbers, out] = [builder.parameter(), builder.parameter(), builder.parameter()];
  const [count, rowBytes] = [builder.parameter(), builder.parameter()];
  const n = builder.integer();
  const number = i32.load(i32.add(numbers.get, i32.mul(n.get, i32.const(4))));
  const copy = copyBytes(
    i32.add(out.get, i32.mul(n.get, rowBytes.get)),
    i32.add(table.get, i32.mul(number, rowBytes.get)),
    rowBytes.get,
  );
  const body = loop(n, { from: ZERO, to: count.get, step: i32.const(1) }, copy);
  return { name: "rows", builder, body };
}
