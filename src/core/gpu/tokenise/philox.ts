/**
 * Philox4x32-10, a generator without a state: four random words for any counter and key (Salmon, Moraes, Dror
 * and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011). The same in WGSL and here, tested against
 * the known answers of its authors' Random123.
 */
export const MULTIPLIERS = [0xd2511f53, 0xcd9e8d57] as const;
export const KEY_STEPS = [0x9e3779b9, 0xbb67ae85] as const;
export const ROUNDS = 10;
const [MULTIPLIER_0, MULTIPLIER_1] = MULTIPLIERS;
const [KEY_STEP_0, KEY_STEP_1] = KEY_STEPS;

/** The upper 32 bits of a product of two 32-bit numbers. */
export function multiplyHigh(a: number, b: number): number {
  const [a0, a1, b0, b1] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16];
  const middle = a1 * b0 + ((a0 * b0) >>> 16); // below 2^32
  const other = a0 * b1 + (middle & 0xffff);
  return (a1 * b1 + (middle >>> 16) + (other >>> 16)) >>> 0;
}

/** Four words for a counter (4 words) and a key (2 words), written into `words`. */
export function philox(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
  words: Uint32Array,
): void {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0, c0);
    const high1 = multiplyHigh(MULTIPLIER_1, c2);
    const low0 = Math.imul(MULTIPLIER_0, c0);
    const low1 = Math.imul(MULTIPLIER_1, c2);
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1 >>> 0;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0 >>> 0;
    k0 = (k0 + KEY_STEP_0) >>> 0;
    k1 = (k1 + KEY_STEP_1) >>> 0;
  }
  words[0] = c0;
  words[1] = c1;
  words[2] = c2;
  words[3] = c3;
}

/** The same for a shader: \`philox(counter, key)\` and \`multiplyHigh(a, b)\`. */
export const PHILOX_WGSL = /* wgsl */ `
fn multiplyHigh(a: u32, b: u32) -> u32 {
  let a0 = a & 0xffffu; let a1 = a >> 16u;
  let b0 = b & 0xffffu; let b1 = b >> 16u;
  let middle = a1 * b0 + ((a0 * b0) >> 16u);
  let other = a0 * b1 + (middle & 0xffffu);
  return a1 * b1 + (middle >> 16u) + (other >> 16u);
}

fn philox(counter: vec4u, start: vec2u) -> vec4u {
  var c = counter;
  var key = start;
  for (var round = 0; round < ${ROUNDS}; round++) {
    let high0 = multiplyHigh(${MULTIPLIER_0}u, c.x);
    let high1 = multiplyHigh(${MULTIPLIER_1}u, c.z);
    c = vec4u(high1 ^ c.y ^ key.x, ${MULTIPLIER_1}u * c.z, high0 ^ c.w ^ key.y, ${MULTIPLIER_0}u * c.x);
    key += vec2u(${KEY_STEP_0}u, ${KEY_STEP_1}u);
  }
  return c;
}
`;
