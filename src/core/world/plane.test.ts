import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { haversineKm } from "../geo/cells";
import { planeKm } from "./plane";

describe("the fitted plane", () => {
  it("is within half a percent of the sphere up to some hundred kilometres", () => {
    const place = {
      lat: fc.double({ min: 26, max: 44, noNaN: true }),
      lng: fc.double({ min: 128, max: 144, noNaN: true }),
    };
    const moves = fc.record({
      ...place,
      dLat: fc.double({ min: -3, max: 3, noNaN: true }),
      dLng: fc.double({ min: -3, max: 3, noNaN: true }),
    });
    fc.assert(
      fc.property(moves, ({ lat, lng, dLat, dLng }) => {
        const exact = haversineKm(lat, lng, lat + dLat, lng + dLng);
        expect(Math.abs(planeKm(lat, lng, lat + dLat, lng + dLng) - exact)).toBeLessThan(
          0.005 * exact + 0.01,
        );
      }),
    );
  });
});
