import { decodeLenient } from "./encoding";

const [ZERO, DOT, PLUS, MINUS, SPACE] = [48, 46, 43, 45, 32];

/** So many digits fit a double without loss; with a power of ten up to 22 the quotient is then exact. */
const EXACT_DIGITS = 15;
const POWERS = Float64Array.from({ length: 23 }, (_, n) => Number(`1e${n}`));

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Text as a number: decimals after a point or a comma, with or without exponent; else NaN. */
export function parseNumberText(text: string): number {
  const trimmed = text.trim();
  if (NUMBER.test(trimmed)) return Number(trimmed);
  const withPoint = trimmed.replace(",", ".");
  return NUMBER.test(withPoint) ? Number(withPoint) : NaN;
}

/** The same for ASCII bytes, equal to what `Number` makes of them, without making text in the usual case. */
export function parseNumber(bytes: Uint8Array, from: number, to: number): number {
  let start = from;
  let end = to;
  while (bytes[start] === SPACE && start < end) start++;
  while (end > start && bytes[end - 1] === SPACE) end--;
  const isNegative = bytes[start] === MINUS;
  let at = isNegative || bytes[start] === PLUS ? start + 1 : start;
  let mantissa = 0;
  let digits = 0;
  let dot = -1;
  for (; at < end; at++) {
    const digit = bytes[at]! - ZERO;
    if (digit >= 0 && digit <= 9) {
      mantissa = mantissa * 10 + digit;
      digits++;
    } else if (bytes[at] === DOT && dot < 0) dot = at;
    else return parseNumberText(decodeLenient(bytes.subarray(start, end)));
  }
  if (digits === 0) return NaN;
  if (digits > EXACT_DIGITS) return Number(decodeLenient(bytes.subarray(start, end)));
  const value = dot < 0 ? mantissa : mantissa / POWERS[end - dot - 1]!;
  return isNegative ? -value : value;
}

const SLOTS = 1 << 14;

/** Text of fields that come again and again; a bounded number of them is remembered. */
export class NameCache {
  readonly #bytes: (Uint8Array | undefined)[] = Array.from({ length: SLOTS });
  readonly #texts: string[] = Array.from({ length: SLOTS }, () => "");

  /** Text of these bytes without spaces around it. */
  get(bytes: Uint8Array, from: number, to: number): string {
    let hash = 0;
    for (let at = from; at < to; at++) hash = (Math.imul(hash, 31) + bytes[at]!) | 0;
    const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    if (isSame(this.#bytes[slot], bytes, from, to)) return this.#texts[slot]!;
    const own = bytes.slice(from, to);
    this.#bytes[slot] = own;
    return (this.#texts[slot] = decodeLenient(own).trim());
  }
}

function isSame(known: Uint8Array | undefined, bytes: Uint8Array, from: number, to: number) {
  if (known?.length !== to - from) return false;
  for (let i = 0; i < known.length; i++) if (known[i] !== bytes[from + i]) return false;
  return true;
}
