/** The records that a zip of more than 4 GB has, put into a small one: sizes, positions and counts of 64 bits. */
export function toZip64(zip: Uint8Array): Uint8Array {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const end = zip.length - 22;
  const directoryAt = view.getUint32(end + 16, true);
  const directory: number[] = [];
  for (let at = directoryAt; at < end;) {
    const nameBytes = view.getUint16(at + 28, true);
    const entry = [...zip.subarray(at, at + 46 + nameBytes)];
    const wide = [
      view.getUint32(at + 24, true),
      view.getUint32(at + 20, true),
      view.getUint32(at + 42, true),
    ];
    entry.fill(0xff, 20, 28);
    entry.fill(0xff, 42, 46);
    entry.splice(30, 2, 28, 0);
    directory.push(...entry, 1, 0, 24, 0, ...wide.flatMap(uint64));
    at += 46 + nameBytes;
  }
  const count = view.getUint16(end + 10, true);
  const endAt = directoryAt + directory.length;
  const end64 = [
    ...uint32(0x06064b50),
    ...uint64(44),
    45,
    0,
    45,
    0,
    ...[0, 0].flatMap(uint32),
    ...[count, count, directory.length, directoryAt].flatMap(uint64),
  ];
  const locator = [...uint32(0x07064b50), ...uint32(0), ...uint64(endAt), ...uint32(1)];
  const end32 = [...uint32(0x06054b50), 0, 0, 0, 0, ...Array<number>(12).fill(0xff), 0, 0];
  return Uint8Array.from([
    ...zip.subarray(0, directoryAt),
    ...directory,
    ...end64,
    ...locator,
    ...end32,
  ]);
}

const uint32 = (value: number): number[] => [0, 8, 16, 24].map((bit) => (value >>> bit) & 255);
const uint64 = (value: number): number[] => [...uint32(value), ...uint32(value / 2 ** 32)];
