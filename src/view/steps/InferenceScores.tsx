import type { JSX } from "react";
import type { InferenceScore } from "../../core/job/inference";
import { Table } from "../ui/Table";
import { measureRows, type MeasureColumn } from "./measure-column";

interface InferenceScoresProps {
  scores: readonly InferenceScore[];
  /** The measure that decides. */
  metric: string;
}

/** Measures that count errors: the smaller the better. */
const LOW_IS_BETTER = /mae|mse|rmse|error|distance|perplexity/i;

type Split = InferenceScore["split"];
const SPLIT_TEXT: Record<Split, string> = {
  random: "random cells held out",
  block: "whole blocks held out",
};

function columnOf(
  scores: readonly InferenceScore[],
  split: Split,
  metric: string,
  title: string,
): MeasureColumn<string> {
  const ofSplit = scores.filter((score) => score.split === split);
  return {
    title,
    value: (name) => ofSplit.find((score) => score.name === name)?.metrics[metric],
    format: (value) => value.toFixed(3).replace("-0.000", "0.000").replace("-", "−"),
    better: LOW_IS_BETTER.test(metric) ? "low" : "high",
  };
}

interface ScoreTableProps {
  scores: readonly InferenceScore[];
  columns: readonly MeasureColumn<string>[];
  caption?: string;
}

function ScoreTable({ scores, columns, caption }: ScoreTableProps): JSX.Element {
  const names = [...new Set(scores.map(({ name }) => name))];
  const measured = measureRows(names, columns);
  const methodOf = (name: string): string | undefined =>
    scores.find((score) => score.name === name)?.method;
  return (
    <Table
      {...(caption === undefined ? { label: "Scores of the probes" } : { caption })}
      head={["probe on", ...columns.map(({ title }) => title)]}
      rows={names.map((name, i) => [
        <span key="name" className={i === 0 ? "own-row" : undefined} title={methodOf(name)}>
          {name}
        </span>,
        ...(measured[i] ?? []),
      ])}
      numeric={columns.map((_, i) => i + 1)}
    />
  );
}

/** The probe beside what it must beat, once for each way of holding cells out. */
export function InferenceScores({ scores, metric }: InferenceScoresProps): JSX.Element {
  const splits = (["random", "block"] as const).filter((split) =>
    scores.some((score) => score.split === split),
  );
  const metrics = [...new Set(scores.flatMap((score) => Object.keys(score.metrics)))];
  return (
    <div data-table="inference">
      <ScoreTable
        scores={scores}
        columns={splits.map((split) =>
          columnOf(scores, split, metric, `${metric}, ${SPLIT_TEXT[split]}`),
        )}
      />
      <p className="note">
        Best of each column in bold. Neighbours of training cells are easy: where whole blocks are
        held out, the probe cannot lean on them.
      </p>
      <details>
        <summary>All measures</summary>
        {splits.map((split) => (
          <ScoreTable
            key={split}
            scores={scores}
            columns={metrics.map((name) => columnOf(scores, split, name, name))}
            caption={SPLIT_TEXT[split]}
          />
        ))}
      </details>
    </div>
  );
}
