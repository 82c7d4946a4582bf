import { useEffect, useState, type JSX } from "react";
import type { SelfTestJob, SelfTestResult } from "../core/job/self-test";
import { useAnswer } from "./asking";
import { reportRows, type MachineReport } from "./engine-words";
import { SelfTestTable, selfTestLines } from "./SelfTestTable";
import { AskLine } from "./tokens/AskLine";
import { Button } from "./ui/Button";
import { whatWorks } from "./what-works";
import { formatBytes } from "./words";

interface CapabilityPanelProps {
  report: MachineReport | undefined;
  /** Facts of the browser that the page adds: version, WebGL. */
  browser: readonly (readonly [what: string, value: string])[];
}

type Rows = readonly (readonly [what: string, value: string])[];

function toText(rows: Rows, report: MachineReport, test: SelfTestResult | undefined): string {
  const limits = Object.entries(report.adapter?.limits ?? {}).map(
    ([name, value]) => `${name}: ${value}`,
  );
  const tested = test === undefined ? ["self-test: not run"] : selfTestLines(test);
  return [...rows.map(([what, value]) => `${what}: ${value}`), ...limits, ...tested].join("\n");
}

const NOT_TOLD = "not told";

/** What the browser's storage holds and may hold; "not told" until it is known, or where it is not. */
function useStorage(): string {
  const [text, setText] = useState(NOT_TOLD);
  useEffect(() => {
    const storage = (navigator as { storage?: StorageManager }).storage;
    storage
      ?.estimate()
      .then(({ usage = 0, quota = 0 }) =>
        setText(`${formatBytes(usage)} of ${formatBytes(quota)} used`),
      )
      .catch(() => undefined); // it stays untold
  }, []);
  return text;
}

const toSelfTest = ({ context }: { context: { seed: number } }): SelfTestJob => {
  return { kind: "self-test", seed: context.seed };
};

/** What this machine offers, whether it computes right, and all of it as text to copy into a report. */
export default function CapabilityPanel({ report, browser }: CapabilityPanelProps): JSX.Element {
  const [copied, setCopied] = useState<"no" | "yes" | "refused">("no");
  const answer = useAnswer<SelfTestJob>("self-test");
  const storage = useStorage();
  if (report === undefined) return <p className="panel">Looking at this machine …</p>;
  const works = whatWorks(report, {
    hasWebgl: browser.some(([what, value]) => what.startsWith("WebGL") && value === "yes"),
    hasStorage: storage !== NOT_TOLD,
  });
  const rows: Rows = [...reportRows(report), ["storage of this page", storage], ...browser];
  const text = [...works, toText(rows, report, answer.result)].join("\n");
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => setCopied("yes"),
      () => setCopied("refused"),
    );
  };
  return (
    <div className="panel">
      <ul className="works" data-works="">
        {works.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <dl className="capabilities">
        {rows.map(([what, value]) => (
          <div key={what} data-capability={what}>
            <dt>{what}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {answer.result && <SelfTestTable result={answer.result} />}
      <AskLine
        state={answer.state}
        start="Check this device"
        onStart={() => answer.start(toSelfTest)}
        onStop={answer.stop}
      />
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
