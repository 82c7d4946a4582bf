import { useMemo, type JSX } from "react";
import type { ModelResult } from "../../core/job/model";
import { LazyLossChart } from "../chart/LazyCharts";
import type { LossCurve } from "../chart/LossChart";

type TrainingRow = ModelResult["log"][number];

interface TrainingCurveProps {
  log: readonly TrainingRow[];
  /** Perplexity per token of the untrained twin: where every training starts. */
  untrained: number | undefined;
}

/** One curve a split, by tokens seen. */
export function toCurves(log: readonly TrainingRow[]): LossCurve[] {
  return (["train", "validation"] as const).flatMap((name) => {
    const rows = log.filter(({ split }) => split === name);
    if (rows.length < 2) return [];
    return [
      { name, x: rows.map(({ tokens }) => tokens), y: rows.map(({ perplexity }) => perplexity) },
    ];
  });
}

/** How perplexity fell over the training, as the log beside the weights has it. */
export function TrainingCurve({ log, untrained }: TrainingCurveProps): JSX.Element | null {
  const curves = useMemo(() => toCurves(log), [log]);
  const levels = useMemo(
    () => (untrained === undefined ? [] : [{ name: "untrained", y: untrained }]),
    [untrained],
  );
  if (curves.length === 0) return null;
  return (
    <LazyLossChart
      name="training"
      curves={curves}
      levels={levels}
      xLabel="tokens seen"
      yLabel="perplexity per token"
      isLog
      heightPx={220}
    />
  );
}
