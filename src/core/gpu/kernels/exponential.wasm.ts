import type { Code, Local } from "./assembler";
import { sequence, v128 } from "./assembler";
import { polynomial } from "./elementwise.wasm";

const LN2_HIGH = 0.693359375; // exact in few bits, so that n times it is exact
const LN2_LOW = Math.LN2 - LN2_HIGH;
const EXP_TAYLOR = [1, 1, 1 / 2, 1 / 6, 1 / 24, 1 / 120, 1 / 720]; // on |r| <= 0.35: 1.2e-7
/** Added to a small float it leaves the nearest integer in the last bits. */
const ROUNDING = 1.5 * 2 ** 23;

/**
 * Below this e^x counts as 0: next to the largest share, 1, it is lost anyway, and a share so small times a
 * value would be subnormal, which processors multiply a hundred times slower.
 */
const LEAST_EXPONENT = -60;

/** e^x of four floats x <= 0, left in `value`; `steps` and `mask` are scratch. */
export function writeExp(
  { value, steps, mask }: { value: Local; steps: Local; mask: Local },
  hasFma: boolean,
): Code {
  const rounded = v128.sub(steps.get, v128.const(ROUNDING));
  const subtract = (share: number): Code =>
    value.set(v128.multiplyAdd(rounded, v128.const(-share), value.get, hasFma));
  const power = v128.addIntegers(
    v128.shiftLeft(steps.get, 23), // the bits of ROUNDING are shifted out
    v128.constInteger(127 << 23),
  );
  return sequence(
    mask.set(v128.isAbove(value.get, v128.const(LEAST_EXPONENT))),
    value.set(v128.max(value.get, v128.const(LEAST_EXPONENT))),
    steps.set(v128.add(v128.mul(value.get, v128.const(Math.LOG2E)), v128.const(ROUNDING))),
    subtract(LN2_HIGH),
    subtract(LN2_LOW),
    value.set(v128.and(mask.get, v128.mul(polynomial(EXP_TAYLOR, value.get, hasFma), power))),
  );
}
