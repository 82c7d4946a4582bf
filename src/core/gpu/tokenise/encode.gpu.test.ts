import { latLngToCell } from "h3-js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { halvesToHash } from "../../geo/cells";
import { GpuTokeniser } from "./gpu-tokeniser";
import {
  hardPlaces,
  inSquare,
  onGlobe,
  openTestDevice,
  pointsAt,
  times,
  type Place,
} from "./testing";

let device: GPUDevice;
beforeAll(async () => {
  device = await openTestDevice();
});
afterAll(() => device.destroy());

/** Places that get another cell than h3-js gives them, and how many the processor found. */
async function differences(places: readonly Place[], resolution: number, bandShare = 1) {
  const points = pointsAt(places, 1); // a user each, so that every point is a check-in
  const tokeniser = await GpuTokeniser.open(device, {
    resolution,
    bandShare,
    batch: 4096,
    worthATile: 1,
  });
  try {
    const { hi, lo } = await tokeniser.tokenise(points);
    expect(hi.length).toBe(places.length);
    const different = places.filter(
      ([lat, lng], i) => halvesToHash(hi[i]!, lo[i]!) !== latLngToCell(lat, lng, resolution),
    );
    return { different, redone: tokeniser.redone };
  } finally {
    tokeniser.dispose();
  }
}

describe.each([5, 6, 7, 8, 9, 10])("cells of resolution %i are those of h3-js", (resolution) => {
  test("anywhere in a part of Japan, almost all by the kernel", async () => {
    const places = times(4000, () => inSquare(34, 137, 3));
    const { different, redone } = await differences(places, resolution);
    expect(different).toEqual([]);
    expect(redone).toBeLessThan(100);
  });

  test("at borders, pentagons, poles, the antimeridian and outside the globe", async () => {
    const { different } = await differences(hardPlaces(resolution), resolution);
    expect(different).toEqual([]);
  });
});

test.each([0, 2, 4])("coarse cells too: resolution %i", async (resolution) => {
  const { different } = await differences(times(2000, onGlobe), resolution);
  expect(different).toEqual([]);
});

test.each([8, 10])("without the band some are wrong: resolution %i", async (resolution) => {
  const { different } = await differences(hardPlaces(resolution), resolution, 0);
  expect(different.length).toBeGreaterThan(0);
});

test("a tile on an edge between two faces of the icosahedron needs no help", async () => {
  const places = times(4000, () => inSquare(34.5, 132, 0.5)); // the edge runs through Hiroshima
  const { different, redone } = await differences(places, 8);
  expect(different).toEqual([]);
  expect(redone).toBeLessThan(20);
});
