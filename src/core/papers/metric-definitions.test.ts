import { expect, test } from "vitest";
import { defineMetrics } from "./metric-definitions";

/** A worked example as JavaScript: what stands behind its last colon, or all of it. */
function byHand(example: string): number {
  const text = example
    .replace(/, as only .*$/, "")
    .split(": ")
    .at(-1)!;
  const code = text
    .replaceAll(/(\d+) of (\d+)/g, "$1/$2")
    .replaceAll("×", "*")
    .replaceAll("−", "-")
    .replaceAll("π", "Math.PI")
    .replaceAll("√(", "Math.sqrt(");
  return Number(new Function(`return ${code}`)());
}

test("every worked example comes to what the app's own function gives", () => {
  const metrics = defineMetrics();
  expect(metrics).toHaveLength(19);
  for (const { name, example, value } of metrics) {
    expect([name, byHand(example).toFixed(3)]).toEqual([name, value.toFixed(3)]);
  }
});
