import { createRandom } from "../../random";

/** A file with up to ten bytes or bits changed, or cut, by chance: the same for the same seed. */
export function changedFile(good: Uint8Array, seed: number): Uint8Array {
  const random = createRandom(seed, "fuzz");
  const bytes = good.slice();
  const kind = random.integer(10);
  if (kind === 0) return bytes.subarray(0, random.integer(bytes.length));
  const changes = 1 + random.integer(kind < 5 ? 2 : 10);
  for (let i = 0; i < changes; i++) {
    const at = random.integer(bytes.length);
    if (kind % 2 === 0) bytes[at] = random.integer(256);
    else bytes[at]! ^= 1 << random.integer(8);
  }
  return bytes;
}
