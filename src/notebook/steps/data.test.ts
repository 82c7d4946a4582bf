import { expect, test } from "vitest";
import type { StepContext } from "../step-kind";
import { dataKind } from "./data";

const CONTEXT: StepContext = { seed: 7, filesOf: () => [] };
const jobOf = (authored: Record<string, unknown>) =>
  dataKind.toJob(dataKind.toSpec(authored), {}, CONTEXT);

test("the country is that of Japan's shape where no other is said, and its data keep their key", () => {
  const small = { source: "simulated", size: "small", seed: 7 };
  expect(jobOf({})).toEqual({ kind: "dataset", dataset: small });
  expect(jobOf({ shape: "japan" })).toEqual({ kind: "dataset", dataset: small });
  expect(jobOf({ shape: "archipelago", size: "medium" })).toEqual({
    kind: "dataset",
    dataset: { source: "simulated", size: "medium", shape: "archipelago", seed: 7 },
  });
});

test("a shape that no country has is refused with those that there are", () => {
  expect(() => dataKind.toSpec({ shape: "atlantis" })).toThrow("(japan, archipelago)");
});
