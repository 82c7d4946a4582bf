import { createRandom } from "../random";

/** Some of the usable rows, drawn by seed; all of them, shuffled, where fewer are there than wanted. */
export function drawSample(
  usable: Uint32Array,
  wanted: number,
  seed: number,
  name: string = "cells of the probe",
): Uint32Array {
  const known = usable.slice();
  const random = createRandom(seed, name);
  const count = Math.min(wanted, known.length);
  for (let i = 0; i < count; i++) {
    const j = i + random.integer(known.length - i); // Fisher and Yates, only as far as needed
    [known[i], known[j]] = [known[j]!, known[i]!];
  }
  return known.slice(0, count);
}
