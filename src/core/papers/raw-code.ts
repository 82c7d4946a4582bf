/** What RAW's public code does, in the few lines that the errata run (Rising0321/RAW; notes 1.3). */

/** Who was where: user 0 in regions A and B, user 1 in region A alone. */
const VISITS: readonly (readonly [region: string, user: number])[] = [
  ["A", 0],
  ["A", 1],
  ["B", 0],
];

/** The sum of region B, where the first user's array becomes the region's, or a copy of it. */
export function addInPlace(isCopied: boolean): readonly number[] {
  const users = [
    [0, 1],
    [2, 3],
  ];
  const regions = new Map<string, number[]>();
  for (const [region, user] of VISITS) {
    const vector = users[user]!;
    const sum = regions.get(region);
    if (sum === undefined) regions.set(region, isCopied ? [...vector] : vector);
    else vector.forEach((value, i) => (sum[i]! += value));
  }
  return regions.get("B")!;
}

/** The mean of a state of 1 at `walked` positions and 0 at the padding, over all `positions`. */
export function meanOverAll(walked: number, positions: number): number {
  const states = Float64Array.from({ length: positions }, (_, t) => Number(t < walked));
  return states.reduce((sum, state) => sum + state, 0) / positions;
}
