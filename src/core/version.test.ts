import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { VERSIONS } from "./version";

test("the program says the version of its package", () => {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  expect(VERSIONS.footfall).toBe((JSON.parse(text) as { version: string }).version);
  expect(VERSIONS.tfjs).toMatch(/^\d+\.\d+/);
});
