import { useState, type JSX } from "react";
import type { PretrainProbeResult } from "../../core/job/pretrain-probe";
import { NumberField } from "../ui/NumberField";
import { Table } from "../ui/Table";
import { FIRST_WANTED, paperRateText, scaleRows } from "./paper-scale";
import { longTimeText } from "./words";

/** What the papers' amounts, or any other, would take on this device at what was measured here (SO-01). */
export function PaperScale({ result }: { result: PretrainProbeResult }): JSX.Element | null {
  const [wanted, setWanted] = useState(FIRST_WANTED);
  const rows = scaleRows(result, wanted);
  const { paperSeconds, unit } = result;
  if (unit === "points" || paperSeconds === undefined || rows.length === 0) return null;
  return (
    <details data-part="paper-scale">
      <summary>At the papers’ scale</summary>
      <div className="settings-head">
        <NumberField
          label="Tokens"
          value={wanted.tokens}
          min={0.001}
          max={1e6}
          step="any"
          unit="billion"
          onChange={(tokens = wanted.tokens) => setWanted({ ...wanted, tokens })}
        />
        <NumberField
          label="Parameters"
          value={wanted.parameters}
          min={0.01}
          max={1e7}
          step="any"
          unit="million"
          onChange={(parameters = wanted.parameters) => setWanted({ ...wanted, parameters })}
        />
      </div>
      <Table
        label="The papers’ amounts on this device"
        head={["what", "here in a second", "on this device"]}
        rows={rows.map(({ what, inASecond, seconds }) => [what, inASecond, longTimeText(seconds)])}
        numeric={[1, 2]}
      />
      <p className="note">
        {paperRateText(paperSeconds)} One billion parameters is the largest model of paper 3.
        Reckoned by operations (six a token and parameter in the last row), as if it fitted and ran
        as fast as what was timed here.
      </p>
    </details>
  );
}
