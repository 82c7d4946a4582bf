import type { ReactNode } from "react";
import type { TokeniserRow } from "../../core/job/measure-tokeniser";
import { formatTick, formatValue } from "../map/format";
import type { MeasureColumn } from "../steps/measure-column";
import { formatCount, formatMeasure, formatPercent } from "../words";

type Column = MeasureColumn<TokeniserRow>;

const lostAt = (row: TokeniserRow, length: number): number | undefined =>
  row.truncated.find((cut) => cut.length === length)?.checkIns;

/** Width of the papers' model (BERT base), for which the weights are told where no model is open. */
export const PAPER_WIDTH = 768;

/** What the tables of tokenisers and resolutions have in common; the best of each column stands in bold. */
export function rowColumns(width: number | undefined): Column[] {
  const rowWidth = width ?? PAPER_WIDTH;
  return [
    {
      title: "vocabulary",
      value: (row) => row.vocabularySize,
      format: formatCount,
      better: "low",
    },
    {
      title: `weights (width ${rowWidth})`,
      value: (row) => row.vocabularySize * rowWidth,
      format: formatTick,
      better: "low",
    },
    {
      title: "tokens a hash",
      value: (row) => row.tokensPerCheckIn,
      format: formatValue,
      better: "low",
    },
    {
      title: "tokens a trajectory",
      value: (row) => row.tokensPerTrajectory.mean,
      format: formatMeasure,
      better: "low",
    },
    ...[128, 512].map((length): Column => ({
      title: `check-ins cut at ${length}`,
      value: (row) => lostAt(row, length),
      format: formatPercent,
      better: "low",
    })),
    {
      title: "[UNK], vocabulary: area",
      value: (row) => row.unknown.area,
      format: formatPercent,
      better: "low",
    },
    {
      title: "[UNK], vocabulary: training",
      value: (row) => row.unknown.training,
      format: formatPercent,
      better: "low",
    },
    {
      title: "cells a second",
      value: (row) => row.cellsPerSecond,
      format: formatTick,
      better: "high",
    },
    {
      title: "perplexity, pieces alone",
      value: (row) => row.perplexity.unigram,
      format: formatMeasure,
      better: "low",
    },
    {
      title: "perplexity, previous place",
      value: (row) => row.perplexity.previous,
      format: formatMeasure,
      better: "low",
    },
  ];
}

/** The cells of a row, none of them marked as best; a dash where nothing was measured. */
export const plainCells = (row: TokeniserRow, columns: readonly Column[]): ReactNode[] =>
  columns.map(({ value, format }) => {
    const found = value(row);
    return found === undefined ? "–" : format(found, row);
  });

/** The model's own perplexity, or what it takes to have one. */
export function modelText({ model }: TokeniserRow): ReactNode {
  if (model === undefined) return <span className="quiet">needs a model</span>;
  return <strong>{formatMeasure(model.model)}</strong>;
}
