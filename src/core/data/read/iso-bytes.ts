import { dayToMs, type ClockTime } from "./time-text";

const [ZERO, COLON, DASH, DOT, PLUS, SPACE, T, Z] = [48, 58, 45, 46, 43, 32, 84, 90];

/** Two digits as a number; below 0 where they are none. */
function pair(bytes: Uint8Array, at: number): number {
  const [tens, ones] = [bytes[at]! - ZERO, bytes[at + 1]! - ZERO];
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

/**
 * Reads the usual forms of ISO 8601 from bytes: 2012-04-03 18:17:18, with T or a space, decimals, Z or an
 * offset. What is unusual is left to `parseClockTime`, which gives the same answers.
 */
export class IsoReader implements ClockTime {
  localMs = NaN;
  offsetMin: number | undefined;
  #day = NaN;
  #dayMs = NaN;

  /** False where the bytes have another form; then `localMs` means nothing. */
  read(bytes: Uint8Array, from: number, to: number): boolean {
    if (to - from < 16 || !this.#readDay(bytes, from)) return false;
    const gap = bytes[from + 10];
    const [hour, minute] = [pair(bytes, from + 11), pair(bytes, from + 14)];
    if ((gap !== SPACE && gap !== T) || bytes[from + 13] !== COLON) return false;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return false;
    this.localMs = this.#dayMs + (hour * 60 + minute) * 60_000;
    return this.#readSeconds(bytes, from + 16, to);
  }

  #readDay(bytes: Uint8Array, from: number): boolean {
    if (bytes[from + 4] !== DASH || bytes[from + 7] !== DASH) return false;
    const [century, year] = [pair(bytes, from), pair(bytes, from + 2)];
    const [month, day] = [pair(bytes, from + 5), pair(bytes, from + 8)];
    if (century < 0 || year < 0 || month < 0 || day < 0) return false;
    const key = (century * 100 + year) * 10_000 + month * 100 + day;
    if (key !== this.#day) {
      this.#day = key;
      this.#dayMs = dayToMs(century * 100 + year, month, day);
    }
    return !Number.isNaN(this.#dayMs);
  }

  #readSeconds(bytes: Uint8Array, from: number, to: number): boolean {
    if (from === to || bytes[from] !== COLON) return this.#readZone(bytes, from, to);
    const second = pair(bytes, from + 1);
    if (from + 3 > to || second < 0 || second > 59) return false;
    this.localMs += second * 1000;
    let at = from + 3;
    if (bytes[at] === DOT && at < to) {
      for (let scale = 100; ++at < to; scale /= 10) {
        const digit = bytes[at]! - ZERO;
        if (digit < 0 || digit > 9) break;
        if (scale >= 1) this.localMs += digit * scale;
      }
    }
    return this.#readZone(bytes, at, to);
  }

  #readZone(bytes: Uint8Array, from: number, to: number): boolean {
    this.offsetMin = undefined;
    if (from === to) return true;
    if (bytes[from] === Z) {
      this.offsetMin = 0;
      return from + 1 === to;
    }
    const sign = bytes[from];
    if ((sign !== PLUS && sign !== DASH) || to - from !== 6 || bytes[from + 3] !== COLON)
      return false;
    const [hours, minutes] = [pair(bytes, from + 1), pair(bytes, from + 4)];
    if (hours < 0 || minutes < 0) return false;
    this.offsetMin = (hours * 60 + minutes) * (sign === DASH ? -1 : 1);
    return true;
  }
}
