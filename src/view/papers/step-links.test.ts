import { expect, test } from "vitest";
import { hrefOf } from "./step-links";

test("a step of the open notebook is a place on the page, one of the other an address", () => {
  const errata = { notebook: "papers", step: "errata" } as const;
  const masked = { notebook: "masking", step: "masked" } as const;
  expect(hrefOf(errata, "?notebook=papers&seed=7")).toBe("#step-errata");
  expect(hrefOf(masked, "?notebook=papers&seed=7")).toBe("?seed=7#step-masked");
  expect(hrefOf(masked, "")).toBe("#step-masked");
  expect(hrefOf({ ...errata, part: "erratum-3" }, "?notebook=papers")).toBe("#erratum-3");
  expect(hrefOf(masked, "?data=a1")).toBe("?#step-masked");
  expect(hrefOf(errata, "?backend=wasm")).toBe("?backend=wasm&notebook=papers#step-errata");
  const water = { notebook: "adaptation", step: "adapt", task: "water" } as const;
  expect(hrefOf(water, "?notebook=papers")).toBe("?notebook=adaptation&task=water#step-adapt");
  expect(hrefOf(water, "?notebook=adaptation")).toBe("?notebook=adaptation&task=water#step-adapt");
  const noise = { notebook: "masking", step: "experiment", experiment: "noise" } as const;
  expect(hrefOf(noise, "?over=share")).toBe("?experiment=noise#step-experiment");
  expect(hrefOf(errata, "?notebook=adaptation&task=trees")).toBe("?notebook=papers#step-errata");
  expect(hrefOf({ notebook: "import", step: "files" }, "")).toBeUndefined();
});
