import { useMemo, type JSX } from "react";
import type { EmbeddingsResult } from "../../core/job/embeddings";
import type { EmbeddingsSpec } from "../../notebook/steps/embeddings";
import { CellMap } from "../map/CellMap";
import { differenceScale } from "../map/scale";
import { usePage } from "../page-context";
import { Facts } from "../steps/Facts";
import type { FigureProps } from "../steps/step-view";
import { formatCount, formatPercent } from "../words";
import { KField } from "../ui/KField";
import { usePeopleK } from "../people";
import { hiddenText } from "./words";
import "../import/import.css";
import "./truth.css";

const UNIT = "place along the direction in which they differ most";

/** Embeddings of another program on the data's cells. */
export default function EmbeddingsFigure({
  outcome,
}: FigureProps<EmbeddingsSpec, EmbeddingsResult>): JSX.Element {
  const { basemap } = usePage();
  const { source, width, total, cells, along, people } = outcome;
  const [k, setK] = usePeopleK();
  const values = useMemo(
    () => along.map((value, n) => (people === undefined || people[n]! >= k ? value : NaN)),
    [along, people, k],
  );
  const scale = useMemo(() => differenceScale(values, { unit: UNIT }), [values]);
  const hidden = values.reduce((count, value) => count + Number(Number.isNaN(value)), 0);
  const known = cells.hi.length;
  return (
    <>
      <p className="finding">
        {source}: {formatCount(known)} of the {formatCount(total)} cells (
        {formatPercent(known / total)}) have one. Any truth below can be asked of them.
      </p>
      <Facts
        facts={[
          ["numbers each", formatCount(width)],
          ["cells with an embedding", formatCount(known)],
          ["cells without", formatCount(total - known)],
        ]}
      />
      <CellMap
        name="embeddings"
        title="Cells of like colour have like embeddings"
        unit={UNIT}
        {...{ cells, values, scale, basemap }}
        heightPx={360}
      />
      {people && <KField k={k} onChange={setK} hidden={hidden} hiddenText={hiddenText(hidden)} />}
    </>
  );
}
