import { describe, expect, it } from "vitest";
import { createNetwork } from "./network";
import { planeKm } from "./plane";
import { CITIES } from "./seats";

describe("the lines between cities", () => {
  const network = createNetwork(CITIES);
  const H = CITIES.length;

  it("reach every city from every other", () => {
    expect(network.km.every((km) => Number.isFinite(km))).toBe(true);
  });

  it("are as long as the hops along them, and no shorter than the straight way", () => {
    for (let a = 0; a < H; a += 17) {
      for (let b = 0; b < H; b += 23) {
        let km = 0;
        for (let hub = a, hops = 0; hub !== b && hops < H; hops++) {
          const next = network.next[hub * H + b]!;
          km += planeKm(CITIES[hub]!.lat, CITIES[hub]!.lng, CITIES[next]!.lat, CITIES[next]!.lng);
          hub = next;
        }
        expect(network.km[a * H + b]).toBeCloseTo(km, 1);
        const straight = planeKm(CITIES[a]!.lat, CITIES[a]!.lng, CITIES[b]!.lat, CITIES[b]!.lng);
        expect(km).toBeGreaterThan(0.98 * straight - 0.1);
      }
    }
  });
});
