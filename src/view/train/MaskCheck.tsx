import { useMemo, type JSX } from "react";
import type { MaskCheckJob, MaskCheckResult } from "../../core/job/mask-check";
import { useAnswer } from "../asking";
import { LazyLossChart } from "../chart/LazyCharts";
import type { LossCurve } from "../chart/LossChart";
import { formatKm } from "../map/format";
import { AskLine } from "../tokens/AskLine";
import { formatCount } from "../words";
import { curveOf } from "./curves";
import { formatError } from "./point-words";

const nameOf = (isCausal: boolean): string => (isCausal ? "with the mask" : "without it");

type Row = MaskCheckResult["runs"][number]["log"][number];

/** A value of the validations of both runs. */
const curvesBy = (
  result: MaskCheckResult | undefined,
  value: (row: Row) => number | undefined,
): LossCurve[] =>
  (result?.runs ?? []).map(({ isCausal, log }) => curveOf(nameOf(isCausal), log, value));

/** What the two runs came to, in two sentences. */
export function maskFinding({ steps, staying, runs }: MaskCheckResult): string {
  const [masked, open] = runs.map(({ log }) => log.at(-1)!);
  const times = formatCount(masked!.loss / open!.loss);
  return `After ${formatCount(steps)} steps the error is ${formatError(masked!.loss)} with the mask, as good as can be (staying: ${formatError(staying.mse)}), and ${formatError(open!.loss)} without it: ${times} times less, for every point is copied, not guessed. Left to go on by themselves they end ${formatKm(masked!.generationKm!)} and ${formatKm(open!.generationKm!)} off; staying, ${formatKm(staying.generationKm)}: what looked like knowledge is none.`;
}

/** The quick check of SD-13 on people who wander at random: loss collapses, generation fails. */
export function MaskCheck(): JSX.Element {
  const answer = useAnswer<MaskCheckJob>("mask-check");
  const { result } = answer;
  const curves = useMemo(() => curvesBy(result, ({ loss }) => loss), [result]);
  const generated = useMemo(() => curvesBy(result, ({ generationKm }) => generationKm), [result]);
  return (
    <div data-part="mask-check">
      {result && (
        <>
          <p className="finding">{maskFinding(result)}</p>
          <LazyLossChart
            name="mask-check"
            curves={curves}
            levels={[{ name: `staying ${formatError(result.staying.mse)}`, y: result.staying.mse }]}
            xLabel="steps"
            yLabel="mean squared error, half boxes"
            isLog
            heightPx={220}
            caption="People who wander at random: nobody can know where they go next, so no honest error is below that of staying."
          />
          <LazyLossChart
            name="mask-check-generation"
            curves={generated}
            levels={[
              {
                name: `staying ${formatKm(result.staying.generationKm)}`,
                y: result.staying.generationKm,
              },
            ]}
            xLabel="steps"
            yLabel="km off after ten points"
            heightPx={220}
            caption="The same two models left to go on by themselves, each guess seen by the next: what the open one copied is not there any more."
          />
        </>
      )}
      <AskLine
        state={answer.state}
        start="Show it on people who wander at random"
        onStart={() => answer.start(({ context }) => ({ kind: "mask-check", seed: context.seed }))}
        onStop={answer.stop}
      />
    </div>
  );
}
