import { log } from "./exact";

/** Seed of everything that is not told otherwise (paper 1, Table 14). */
export const DEFAULT_SEED = 123;

/** A stream of chance; the same seed and names give the same numbers on every machine. */
export interface Random {
  /** Uniform in [0, 1), 32 bits. */
  uniform(): number;
  /** Uniform integer in [0, n). */
  integer(n: number): number;
  /** Standard normal (Marsaglia's polar method, so that only sqrt and our own log are used). */
  normal(): number;
}

/** 32-bit avalanche of murmur3 (Appleby, public domain constants). */
function avalanche(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Mixes a name or a number into a 32-bit state. */
function mix(state: number, name: string | number): number {
  const text = String(name);
  let h = avalanche(state ^ 0x9e3779b9);
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return avalanche(h ^ text.length);
}

/**
 * A named stream: adding a consumer under a new name does not shift the numbers of the others (RS-01).
 * The generator is sfc32 (Chris Doty-Humphrey, PractRand).
 */
export function createRandom(seed: number, ...names: (string | number)[]): Random {
  const key = names.reduce<number>(mix, mix(0x5f356495, seed));
  let a = avalanche(key ^ 0x1b873593);
  let b = avalanche(key ^ 0xcc9e2d51);
  let c = avalanche(key ^ 0xe6546b64);
  let counter = 1;
  const next = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) next();
  const uniform = (): number => next() / 4294967296;
  const integer = (n: number): number => Math.floor(uniform() * n);
  const normal = (): number => {
    for (;;) {
      const u = 2 * uniform() - 1;
      const v = 2 * uniform() - 1;
      const s = u * u + v * v;
      if (s > 0 && s < 1) return u * Math.sqrt((-2 * log(s)) / s);
    }
  };
  return { uniform, integer, normal };
}

/** Fisher and Yates in place; returns its argument. */
export function shuffle<T extends { length: number; [index: number]: unknown }>(
  items: T,
  random: Random,
): T {
  const list = items as { length: number; [index: number]: unknown };
  for (let i = list.length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [list[i], list[j]] = [list[j], list[i]];
  }
  return items;
}
