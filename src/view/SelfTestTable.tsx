import type { JSX } from "react";
import type { SelfTestResult } from "../core/job/self-test";
import { Table } from "./ui/Table";
import { formatCount } from "./words";

type Part = SelfTestResult["rows"][number]["part"];

const PARTS: Readonly<Record<Part, string>> = {
  logits: "forward pass, scores of the vocabulary",
  losses: "losses of hidden places",
  gradients: "gradients of all parameters",
  tiedGradient: "of these, of the tied words",
  parameters: "parameters after 3 steps of AdamW",
};

/** A small number with two digits: "2.9e−6"; "0" for none at all. */
function small(value: number): string {
  if (value === 0) return "0";
  return Number.isFinite(value) ? value.toExponential(1).replace("e-", "e−") : "no number";
}

function sentenceOf({ passes, isRepeatable, engine }: SelfTestResult): string {
  if (passes) {
    const [kind] = engine.split(":");
    return kind === "cpu"
      ? "Passed: a second run gave the same bits. The engine in use is the reference itself."
      : "Passed: the engine in use agrees with plain JavaScript, and a second run gave the same bits.";
  }
  return isRepeatable
    ? "Failed: the engine in use differs from plain JavaScript by more than it may. Try ?backend=wasm in the address, and report the text below."
    : "Failed: a second run gave other numbers. Try ?backend=wasm in the address, and report the text below.";
}

/** The check of this device: the largest differences, and what is allowed. */
export function SelfTestTable({ result }: { result: SelfTestResult }): JSX.Element {
  return (
    <div data-self-test={result.passes ? "passed" : "failed"}>
      <p role="status">{sentenceOf(result)}</p>
      <Table
        label="The engine in use against plain JavaScript"
        head={["a tiny model", "values", "largest", "difference", "allowed", ""]}
        rows={result.rows.map(({ part, count, largest, difference, tolerance, passes }) => [
          PARTS[part],
          formatCount(count),
          largest.toPrecision(3),
          small(difference),
          small(tolerance),
          passes ? "pass" : "FAIL",
        ])}
        numeric={[1, 2, 3, 4]}
      />
      {result.hasHalves && (
        <p className="note">
          The forward pass keeps weights in half precision here, so more is allowed for it.
        </p>
      )}
    </div>
  );
}

/** The same as lines of text. */
export function selfTestLines({ engine, rows, isRepeatable, passes }: SelfTestResult): string[] {
  return [
    `self-test on ${engine}: ${passes ? "passed" : "FAILED"}`,
    `self-test, second run the same bits: ${isRepeatable ? "yes" : "NO"}`,
    ...rows.map(
      ({ part, difference, tolerance, largest, passes: isRight }) =>
        `self-test, ${PARTS[part]}: largest difference ${difference}, allowed ${tolerance}, values to ${largest.toPrecision(3)}, ${isRight ? "pass" : "FAIL"}`,
    ),
  ];
}
