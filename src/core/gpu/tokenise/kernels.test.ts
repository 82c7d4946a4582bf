import { expect, it } from "vitest";
import { batchSize } from "./kernels";

const MEGABYTE = 2 ** 20;
/** The limits that every device has. */
const LEAST = {
  maxStorageBufferBindingSize: 128 * MEGABYTE,
  maxBufferSize: 256 * MEGABYTE,
  maxComputeWorkgroupsPerDimension: 65_535,
} as GPUSupportedLimits;

it("takes half a million points where nothing speaks against it", () => {
  expect(batchSize(LEAST, 2)).toBe(2 ** 19);
  expect(batchSize(LEAST, 2, 1000)).toBe(1000);
});

it.each([
  ["the size of a binding", { ...LEAST, maxStorageBufferBindingSize: MEGABYTE }],
  ["the size of a buffer", { ...LEAST, maxBufferSize: MEGABYTE }],
  ["work-groups", { ...LEAST, maxComputeWorkgroupsPerDimension: 16 }],
])("takes fewer where a device limits %s", (_, limits) => {
  const points = batchSize(limits, 9);
  const { maxStorageBufferBindingSize, maxBufferSize } = limits;
  expect(points).toBeGreaterThan(0);
  expect(points).toBeLessThan(2 ** 19);
  expect(4 * 9 * points).toBeLessThanOrEqual(maxStorageBufferBindingSize);
  expect((12 + 8 * 9) * points).toBeLessThanOrEqual(maxBufferSize);
  expect(points / 256).toBeLessThanOrEqual(limits.maxComputeWorkgroupsPerDimension);
});
