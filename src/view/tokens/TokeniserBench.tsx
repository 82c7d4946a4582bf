import type { JSX } from "react";
import type { TokeniserRow } from "../../core/job/measure-tokeniser";
import type { StagesResult } from "../../core/job/stages";
import type { TokenBenchJob } from "../../core/job/token-bench";
import { toTokenBench } from "../../notebook/steps/tokens";
import { useAnswer } from "../asking";
import { Provenance } from "../Provenance";
import { measureRows } from "../steps/measure-column";
import { Table } from "../ui/Table";
import { formatCount } from "../words";
import { formatTick } from "../map/format";
import { AskLine } from "./AskLine";
import { Formulas } from "./Formulas";
import { SHORT_NAMES } from "./names";
import { modelText, PAPER_WIDTH, rowColumns } from "./row-columns";

interface BenchTableProps {
  rows: readonly TokeniserRow[];
  /** Width of the opened model; undefined without one. */
  width: number | undefined;
}

/** One row per tokeniser (TK-06); the model's perplexity where it was measured. */
export function BenchTable({ rows, width }: BenchTableProps): JSX.Element {
  const columns = rowColumns(width);
  const measured = measureRows(rows, columns);
  return (
    <div className="wide-table" data-table="token-bench">
      <Table
        label="Tokenisers side by side"
        head={["tokeniser", ...columns.map(({ title }) => title), "perplexity, the model"]}
        rows={rows.map((row, i) => [
          row.model ? (
            <span className="own-row">{SHORT_NAMES[row.tokeniser]}</span>
          ) : (
            SHORT_NAMES[row.tokeniser]
          ),
          ...measured[i]!,
          modelText(row),
        ])}
        numeric={Array.from({ length: columns.length + 1 }, (_, i) => i + 1)}
      />
    </div>
  );
}

/** What whole cells as tokens would cost, in a sentence (TK-05). */
export function flatCost({ rows, width }: BenchTableProps): string {
  const flat = rows.find(({ tokeniser }) => tokeniser === "flat");
  const least = rows.reduce((best, row) => (row.vocabularySize < best.vocabularySize ? row : best));
  if (flat === undefined || least === flat) return "";
  const weights = (row: TokeniserRow, w: number): string => formatTick(row.vocabularySize * w);
  const own =
    width === undefined
      ? ""
      : `${weights(flat, width)} embedding weights at this model’s width ${width}, `;
  return (
    `${formatCount(flat.cells)} cells as whole tokens would be ${own}${weights(flat, PAPER_WIDTH)} at BERT’s ${PAPER_WIDTH}; ` +
    `${SHORT_NAMES[least.tokeniser]} needs ${weights(least, width ?? PAPER_WIDTH)}${width === undefined ? "" : ` at width ${width}`}.`
  );
}

/** Every tokeniser on the same cells and trajectories, measured when asked (TK-06). */
export function TokeniserBench({ outcome }: { outcome: StagesResult }): JSX.Element {
  const { made, resolution } = outcome;
  const answer = useAnswer<TokenBenchJob>(`${made.data} at ${resolution}`);
  const { rows = [], width } = answer.partial ?? answer.result ?? {};
  return (
    <div className="study" data-part="token-bench">
      <p className="note">
        What each way of writing cells costs and what it loses, at resolution {resolution}. Takes
        about half a minute; WordPiece has to be learnt.
      </p>
      <AskLine
        state={answer.state}
        start="Measure all tokenisers"
        onStart={() => answer.start(toTokenBench)}
        onStop={answer.stop}
      />
      {rows.length > 0 && (
        <>
          <p className="finding">{flatCost({ rows, width })}</p>
          <BenchTable rows={rows} width={width} />
          <Formulas rows={rows} />
        </>
      )}
      {answer.result && <Provenance made={answer.result.made} />}
    </div>
  );
}
