import type { JSX } from "react";
import type { InferenceScore } from "../../core/job/inference";
import { Table } from "../ui/Table";
import { measureRows, type MeasureColumn } from "./measure-column";

interface InferenceScoresProps {
  scores: readonly InferenceScore[];
  /** The measure that decides. */
  metric: string;
}

const LOW_IS_BETTER = /mae|mse|rmse|error|distance|perplexity/i;

type Split = InferenceScore["split"];
const SPLIT_TEXT: Record<Split, string> = {
  random: "cells drawn at random",
  block: "whole blocks held out",
};

function columnsOf(scores: readonly InferenceScore[], split: Split): MeasureColumn<string>[] {
  const ofSplit = scores.filter((score) => score.split === split);
  const metrics = [...new Set(ofSplit.flatMap((score) => Object.keys(score.metrics)))];
  return metrics.map((metric) => ({
    title: metric,
    value: (name) => ofSplit.find((score) => score.name === name)?.metrics[metric],
    format: (value) => value.toFixed(3).replace("-", "−"),
    better: LOW_IS_BETTER.test(metric) ? "low" : "high",
  }));
}

/** The probe beside what it must beat, once for each way of holding cells out. */
export function InferenceScores({ scores, metric }: InferenceScoresProps): JSX.Element {
  const names = [...new Set(scores.map(({ name }) => name))];
  const splits = (["random", "block"] as const).filter((split) =>
    scores.some((score) => score.split === split),
  );
  const columns = splits.flatMap((split) =>
    columnsOf(scores, split).map((column) => ({ ...column, split })),
  );
  const measured = measureRows(names, columns);
  return (
    <div data-table="inference">
      <Table
        head={["probe on", ...columns.map(({ title, split }) => `${title}, ${SPLIT_TEXT[split]}`)]}
        rows={names.map((name, i) => [
          i === 0 ? <span className="own-row">{name}</span> : name,
          ...(measured[i] ?? []),
        ])}
        numeric={columns.map((_, i) => i + 1)}
      />
      <p className="note">
        Compared by {metric}; best of each column in bold. Neighbours of training cells are easy:
        where whole blocks are held out, the probe cannot lean on them.
      </p>
    </div>
  );
}
