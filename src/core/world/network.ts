import { planeKm } from "./plane";
import type { Seat } from "./seats";

/** Lines between the cities, on which long trips run. */
export interface Network {
  readonly hubs: readonly Seat[];
  /** Length of the shortest way from hub a to hub b at [a * H + b], km. */
  readonly km: Float32Array;
  /** The hub after a on that way. */
  readonly next: Uint16Array;
}

const NEIGHBOURS = 5;

/** Ties each hub to its five nearest and the separate parts to each other, then finds all shortest ways. */
export function createNetwork(hubs: readonly Seat[]): Network {
  const H = hubs.length;
  const apart = new Float32Array(H * H);
  for (let a = 0; a < H; a++) {
    const from = hubs[a]!;
    for (let b = 0; b < H; b++) {
      apart[a * H + b] = planeKm(from.lat, from.lng, hubs[b]!.lat, hubs[b]!.lng);
    }
  }
  const km = new Float32Array(H * H).fill(Infinity);
  const next = new Uint16Array(H * H);
  const tie = (a: number, b: number): void => {
    km[a * H + b] = km[b * H + a] = apart[a * H + b]!;
    next[a * H + b] = b;
    next[b * H + a] = a;
  };
  for (let a = 0; a < H; a++) {
    const row = apart.subarray(a * H, (a + 1) * H);
    const near = Array.from(row.keys()).sort((b, c) => row[b]! - row[c]!);
    for (const b of near.slice(1, NEIGHBOURS + 1)) tie(a, b);
    km[a * H + a] = 0;
    next[a * H + a] = a;
  }
  joinParts(H, apart, km, tie);
  findShortest(H, km, next);
  return { hubs, km, next };
}

/** Adds the shortest tie from the part of hub 0 to the rest until all hubs hang together. */
function joinParts(
  H: number,
  apart: Float32Array,
  km: Float32Array,
  tie: (a: number, b: number) => void,
): void {
  const reached = new Uint8Array(H);
  const spread = (start: number): void => {
    const open = [start];
    reached[start] = 1;
    for (let a = open.pop(); a !== undefined; a = open.pop()) {
      for (let b = 0; b < H; b++) {
        if (reached[b] || km[a * H + b] === Infinity) continue;
        reached[b] = 1;
        open.push(b);
      }
    }
  };
  spread(0);
  while (reached.includes(0)) {
    let best = -1;
    for (let k = 0; k < H * H; k++) {
      if (!reached[Math.floor(k / H)] || reached[k % H]) continue;
      if (best < 0 || apart[k]! < apart[best]!) best = k;
    }
    tie(Math.floor(best / H), best % H);
    spread(best % H);
  }
}

/** Floyd and Warshall. */
function findShortest(H: number, km: Float32Array, next: Uint16Array): void {
  for (let via = 0; via < H; via++) {
    for (let a = 0; a < H; a++) {
      const toVia = km[a * H + via]!;
      if (toVia === Infinity) continue;
      for (let b = 0; b < H; b++) {
        const length = toVia + km[via * H + b]!;
        if (length >= km[a * H + b]!) continue;
        km[a * H + b] = length;
        next[a * H + b] = next[a * H + via]!;
      }
    }
  }
}
