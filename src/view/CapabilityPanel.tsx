import { useState, type JSX } from "react";
import { reportRows, type MachineReport } from "./engine-words";
import { Button } from "./ui/Button";

interface CapabilityPanelProps {
  report: MachineReport | undefined;
  /** Facts of the browser that the page adds: version, WebGL. */
  browser: readonly (readonly [what: string, value: string])[];
}

function toText(rows: readonly (readonly [string, string])[], report: MachineReport): string {
  const limits = Object.entries(report.adapter?.limits ?? {}).map(
    ([name, value]) => `${name}: ${value}`,
  );
  return [...rows.map(([what, value]) => `${what}: ${value}`), ...limits].join("\n");
}

/** What this machine offers, as a table and as text to copy into a report. */
export function CapabilityPanel({ report, browser }: CapabilityPanelProps): JSX.Element {
  const [copied, setCopied] = useState<"no" | "yes" | "refused">("no");
  if (report === undefined) return <p className="panel">Looking at this machine …</p>;
  const rows = [...reportRows(report), ...browser];
  const text = toText(rows, report);
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => setCopied("yes"),
      () => setCopied("refused"),
    );
  };
  return (
    <div className="panel">
      <dl className="capabilities">
        {rows.map(([what, value]) => (
          <div key={what} data-capability={what}>
            <dt>{what}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <details>
        <summary>All of it as text</summary>
        <pre>{text}</pre>
      </details>
      <Button onClick={copy}>Copy this report</Button>
      <span role="status" className="quiet">
        {copied === "yes" && " Copied."}
        {copied === "refused" && " The browser refused: select the text above and copy it."}
      </span>
    </div>
  );
}
