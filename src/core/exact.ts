/**
 * Elementary functions made of IEEE 754 basic operations only (+ - * / sqrt floor), each of which every
 * engine must round alike. `Math.exp` and its kin may differ in the last bit between two versions of V8,
 * and one bit is enough to send a simulated resident to another town. Accuracy: a few units in the last
 * place, checked against `Math.*` in exact.test.ts.
 */

const LN2_HIGH = 6.9314718036912381649e-1;
const LN2_LOW = 1.90821492927058770002e-10;
const HALF_PI_HIGH = 1.57079632673412561417;
const HALF_PI_LOW = 6.07710050650619224932e-11;

/** 2 to the power of the integer n, by repeated squaring; exact within the normal range. */
function powerOfTwo(n: number): number {
  let result = 1;
  let base = n < 0 ? 0.5 : 2;
  for (let k = n < 0 ? -n : n; k > 0; k = Math.floor(k / 2)) {
    if (k % 2 === 1) result *= base;
    base *= base;
  }
  return result;
}

/** e^x; 0 below -700, and x is capped at 700. */
export function exp(x: number): number {
  if (x < -700) return 0;
  const capped = x > 700 ? 700 : x;
  const n = Math.floor(capped / LN2_HIGH + 0.5);
  const r = capped - n * LN2_HIGH - n * LN2_LOW; // |r| <= ln 2 / 2
  let sum = 1;
  for (let k = 14; k >= 1; k--) sum = 1 + (r / k) * sum; // Taylor: r^15/15! < 1e-19
  return sum * powerOfTwo(n);
}

/** Natural logarithm of a positive normal number; -Infinity at 0, NaN below. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  let mantissa = x;
  let exponent = 0;
  for (; mantissa > Math.SQRT2; exponent++) mantissa *= 0.5;
  for (; mantissa < Math.SQRT1_2; exponent--) mantissa *= 2;
  const s = (mantissa - 1) / (mantissa + 1); // |s| <= 0.172
  const s2 = s * s;
  let sum = 0;
  for (let k = 25; k >= 3; k -= 2) sum = s2 * (1 / k + sum); // atanh series: s^27/27 < 1e-21
  return exponent * LN2_HIGH + (exponent * LN2_LOW + 2 * s * (1 + sum));
}

/** x to the power y for x >= 0. */
export function pow(x: number, y: number): number {
  return x === 0 ? (y === 0 ? 1 : 0) : exp(y * log(x));
}

/** Sine and cosine of |x| up to a few thousand radians. */
export function sinCos(x: number): [sin: number, cos: number] {
  const n = Math.floor(x / (Math.PI / 2) + 0.5);
  const r = x - n * HALF_PI_HIGH - n * HALF_PI_LOW; // |r| <= pi / 4
  const r2 = r * r;
  let sin = 1;
  let cos = 1;
  for (let k = 20; k >= 2; k -= 2) {
    sin = 1 - (r2 / (k * (k + 1))) * sin;
    cos = 1 - (r2 / ((k - 1) * k)) * cos;
  }
  sin *= r;
  const quadrant = ((n % 4) + 4) % 4;
  if (quadrant === 1) return [cos, -sin];
  if (quadrant === 2) return [-sin, -cos];
  if (quadrant === 3) return [-cos, sin];
  return [sin, cos];
}
