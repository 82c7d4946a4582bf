const FLOAT = new Float32Array(1);
const BITS = new Uint32Array(FLOAT.buffer);

function bitsToFloat(bits: number): number {
  BITS[0] = bits;
  return FLOAT[0]!;
}

/** The value of one IEEE half (sign 1, exponent 5, fraction 10 bits). */
export function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 31;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Below the smallest normal half the fraction counts steps of 2^-24. */
const SMALLEST_NORMAL_HALF = 2 ** -14;
/** From here on the nearest half is infinite: half a step above the largest, 65504. */
const HALF_OVERFLOW = 65520;

/** `value`, not negative, rounded to an integer; ties go to the even one. */
function roundTiesToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor + (floor % 2);
}

/** The nearest IEEE half, ties to even; too large becomes infinite. */
export function floatToHalf(value: number): number {
  FLOAT[0] = value;
  const bits = BITS[0]!;
  const sign = (bits >>> 16) & 0x8000;
  const size = Math.abs(FLOAT[0]);
  if (Number.isNaN(size)) return 0x7e00;
  if (size >= HALF_OVERFLOW) return sign | 0x7c00;
  if (size < SMALLEST_NORMAL_HALF) return sign | roundTiesToEven(size * 2 ** 24);
  const exponent = ((bits >>> 23) & 255) - 127;
  const steps = roundTiesToEven((size / 2 ** exponent) * 1024); // 1024 .. 2048: a carry moves to the exponent
  return sign | (((exponent + 15) << 10) + steps - 1024);
}

/** Halves as floats. A table of all 65,536 values is slower to fill than any of our models is to read. */
export function halvesToFloats(halves: Uint16Array): Float32Array {
  return Float32Array.from(halves, halfToFloat);
}

/** Floats as the nearest halves. */
export function floatsToHalves(floats: Float32Array): Uint16Array {
  return Uint16Array.from(floats, floatToHalf);
}

/** bfloat16 (the upper 16 bits of a float) as floats. */
export function bfloatsToFloats(bfloats: Uint16Array): Float32Array {
  return Float32Array.from(bfloats, (bits) => bitsToFloat(bits << 16));
}
