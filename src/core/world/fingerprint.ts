/** Seeds of the two halves; any two different odd numbers do. */
const FIRST = 0x9747b28d;
const SECOND = 0x1b873593;

function mixWord(h: number, word: number, factor: number): number {
  h = Math.imul(h ^ word, factor);
  return h ^ (h >>> 15);
}

/**
 * 16 hexadecimal digits that tell whether columns are the same to the last bit, for tests that compare two
 * engines or two runs. Not for secrets. Columns are hashed in order with their lengths, bytes as they lie.
 */
export function fingerprint(columns: readonly ArrayBufferView[]): string {
  let a = FIRST;
  let b = SECOND;
  const take = (word: number): void => {
    a = mixWord(a, word, 0x85ebca6b);
    b = mixWord(b, word, 0xc2b2ae35);
  };
  for (const { buffer, byteOffset, byteLength } of columns) {
    const view = new DataView(buffer, byteOffset, byteLength);
    take(byteLength);
    const end = byteLength - (byteLength % 4);
    for (let at = 0; at < end; at += 4) take(view.getUint32(at, true));
    for (let at = end; at < byteLength; at++) take(view.getUint8(at));
  }
  const hex = (h: number): string => (h >>> 0).toString(16).padStart(8, "0");
  return hex(a) + hex(b);
}
