import { useMemo, type JSX } from "react";
import type { TokeniserRow } from "../../core/job/measure-tokeniser";
import type { ResolutionsJob, ResolutionsResult, VocabularySize } from "../../core/job/resolutions";
import type { StagesResult } from "../../core/job/stages";
import { toResolutions } from "../../notebook/steps/tokens";
import { useAnswer } from "../asking";
import { LazyResolutionChart } from "../chart/LazyCharts";
import type { ResolutionCurve } from "../chart/ResolutionChart";
import { Provenance } from "../Provenance";
import { Table } from "../ui/Table";
import { formatCount, formatCounted, formatMeasure } from "../words";
import { AskLine } from "./AskLine";
import { Formulas } from "./Formulas";
import { SHORT_NAMES } from "./names";
import { modelText, plainCells, rowColumns } from "./row-columns";

/** What paper 2 says of Japan: over 500,000 hashes at resolution 8. */
const JAPAN = [{ name: ">500,000 for Japan", y: 500_000 }];
const ROWS = [
  { name: "512", y: 512 },
  { name: "128", y: 128 },
];

const MOST_IN_WORDS = ["no", "one", "two", "three", "four", "five", "six", "seven"];
const inWords = (count: number): string => MOST_IN_WORDS[count] ?? String(count);

/** A curve over the rows; resolutions without a value are left out. */
function curveOf(
  rows: readonly TokeniserRow[],
  name: string,
  value: (row: TokeniserRow) => number | undefined,
): ResolutionCurve {
  const points = rows.flatMap((row) => {
    const found = value(row);
    return found === undefined ? [] : [{ resolution: row.resolution, value: found }];
  });
  return { name, points };
}

/** Vocabularies by kind; while word pieces are still learnt, the measured tokeniser's alone. */
function vocabularyCurves(
  rows: readonly TokeniserRow[],
  vocabularies: readonly VocabularySize[] | undefined,
): ResolutionCurve[] {
  const own = rows[0] && curveOf(rows, SHORT_NAMES[rows[0].tokeniser], (row) => row.vocabularySize);
  if (vocabularies === undefined) return own ? [own] : [];
  const kinds = [...new Set(vocabularies.map(({ tokeniser }) => tokeniser))];
  return kinds.map((kind) => ({
    name: SHORT_NAMES[kind],
    points: vocabularies
      .filter(({ tokeniser }) => tokeniser === kind)
      .map(({ resolution, size }) => ({ resolution, value: size })),
  }));
}

function lengthCurves(rows: readonly TokeniserRow[]): ResolutionCurve[] {
  return [
    curveOf(rows, "longest", (row) => row.tokensPerTrajectory.most),
    curveOf(rows, "mean", (row) => row.tokensPerTrajectory.mean),
  ];
}

function perplexityCurves(rows: readonly TokeniserRow[]): ResolutionCurve[] {
  return [
    curveOf(rows, "cells in all", (row) => row.cells),
    curveOf(rows, "pieces alone", (row) => row.perplexity.unigram),
    curveOf(rows, "previous place", (row) => row.perplexity.previous),
    curveOf(rows, "the model", (row) => row.model?.model),
  ].filter(({ points }) => points.length > 0);
}

/** The three charts (TK-01, TK-10). */
function Charts({
  rows,
  vocabularies,
}: Pick<ResolutionsResult, "rows"> &
  Partial<Pick<ResolutionsResult, "vocabularies">>): JSX.Element {
  const curves = useMemo(
    () => ({
      vocabulary: vocabularyCurves(rows, vocabularies),
      lengths: lengthCurves(rows),
      perplexity: perplexityCurves(rows),
    }),
    [rows, vocabularies],
  );
  return (
    <div className="chart-row">
      <LazyResolutionChart
        name="vocabulary-by-resolution"
        label="vocabulary (tokens)"
        curves={curves.vocabulary}
        levels={JAPAN}
        format={formatCount}
        isLog
      />
      <LazyResolutionChart
        name="tokens-by-resolution"
        label="tokens a trajectory"
        curves={curves.lengths}
        levels={ROWS}
        format={formatMeasure}
      />
      <LazyResolutionChart
        name="perplexity-by-resolution"
        label="perplexity per check-in"
        curves={curves.perplexity}
        format={formatMeasure}
        isLog
      />
    </div>
  );
}

/** One row per resolution (TK-01). */
export function ResolutionTable({
  rows,
  width,
}: {
  rows: readonly TokeniserRow[];
  width: number | undefined;
}): JSX.Element {
  const columns = rowColumns(width);
  return (
    <div className="wide-table" data-table="resolutions">
      <Table
        label="Resolutions side by side"
        head={[
          "resolution",
          "cells",
          ...columns.map(({ title }) => title),
          "perplexity, the model",
        ]}
        rows={rows.map((row) => [
          String(row.resolution),
          formatCount(row.cells),
          ...plainCells(row, columns),
          modelText(row),
        ])}
        numeric={Array.from({ length: columns.length + 3 }, (_, i) => i)}
      />
    </div>
  );
}

/** What must be known to read the table: the country's points, sampled areas, dropped trajectories. */
function Caveats({
  rows,
  dropped,
  isSimulated,
}: Pick<ResolutionsResult, "rows" | "dropped"> & { isSimulated: boolean }): JSX.Element {
  const sampled = rows.filter(({ madeFrom, cells }) => madeFrom < cells);
  const lost = dropped.filter(({ trajectories }) => trajectories > 0);
  return (
    <>
      <p className="note">
        {isSimulated
          ? "The simulated people’s points are encoded anew at each resolution. They lie within about 100 m of the middle of a resolution-8 cell, so resolution 9 shows what a finer vocabulary costs, not finer places."
          : "These check-ins came as cells, so coarser resolutions are their parents, and finer ones are not there. A check-in joins the one before in the same parent when it begins within ten minutes of it."}
        {sampled.map(
          ({ resolution, madeFrom, cells }) =>
            ` At resolution ${resolution} digits and word pieces are made from ${formatCount(madeFrom)} of the ${formatCount(cells)} cells, one child of each coarser cell.`,
        )}
        {lost.map(
          ({ resolution, trajectories }) =>
            ` At resolution ${resolution}, ${formatCounted(trajectories, "trajectory", "trajectories")} fewer have at least 10 check-ins in 3 cells.`,
        )}
      </p>
      <p className="note">
        How well a model of each resolution does the papers’ tasks (F1) needs a model of each:
        pre-train them.
      </p>
    </>
  );
}

interface ResolutionStudyProps {
  outcome: StagesResult;
  isSimulated: boolean;
}

/** The step's tokeniser at every resolution, with one click (TK-01, TK-10). */
export function ResolutionStudy({ outcome, isSimulated }: ResolutionStudyProps): JSX.Element {
  const { made, tokeniser, resolutions } = outcome;
  const answer = useAnswer<ResolutionsJob>(`${made.data} ${tokeniser}`);
  const { rows = [], width } = answer.partial ?? answer.result ?? {};
  return (
    <div className="study" data-part="resolutions">
      <p className="note">
        Resolutions {resolutions[0]} to {resolutions.at(-1)}, written with “{SHORT_NAMES[tokeniser]}
        ”: a step finer has seven times the cells.
      </p>
      <AskLine
        state={answer.state}
        start={`Run all ${inWords(resolutions.length)}`}
        onStart={() => answer.start(toResolutions)}
        onStop={answer.stop}
      />
      {rows.length > 0 && (
        <>
          <Charts
            rows={rows}
            {...(answer.result && { vocabularies: answer.result.vocabularies })}
          />
          <ResolutionTable rows={rows} width={width} />
        </>
      )}
      {answer.result && (
        <>
          <Caveats {...answer.result} isSimulated={isSimulated} />
          <Formulas rows={rows} />
          <Provenance made={answer.result.made} />
        </>
      )}
    </div>
  );
}
