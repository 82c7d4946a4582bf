import { useState, type JSX } from "react";
import type { TradeOffsJob, TradeOffsResult } from "../../core/job/trade-offs";
import { toTradeOffs } from "../../notebook/steps/sweep";
import { useAnswer } from "../asking";
import type { KeptSweep } from "../page-context";
import { AskLine } from "../tokens/AskLine";
import { Slider } from "../ui/Slider";
import { Table } from "../ui/Table";
import { formatCounted } from "../words";
import {
  chosenAt,
  COSTS,
  maskText,
  papersStand,
  QUALITY,
  sweptAt,
  type Chosen,
  type Stand,
} from "./trade-offs";

interface TradeOffsProps {
  sweeps: readonly KeptSweep[];
  /** Says the same for the same data. */
  dataKey: string | undefined;
}

const settingText = ({ resolution, window, mask }: Chosen): string =>
  `${resolution.resolution}, ${window.windowMin} min, ${maskText(mask.rate)}`;

/** Cost and quality of a setting beside those of the papers'. */
function TradeTable({ here, papers }: { here: Chosen; papers: Chosen }): JSX.Element {
  const tableOf = (kind: string, rows: typeof COSTS): JSX.Element => (
    <Table
      label={`The settings’ ${kind}`}
      head={[kind, settingText(here), `as in the papers: ${settingText(papers)}`]}
      rows={rows.map(([title, value]) => [title, value(here), value(papers)])}
      numeric={[1, 2]}
    />
  );
  return (
    <div className="training-part" data-table="trade-offs">
      {tableOf("cost", COSTS)}
      {tableOf("quality", QUALITY)}
    </div>
  );
}

function Sliders({ result, sweeps, dataKey }: TradeOffsProps & { result: TradeOffsResult }) {
  const papers = papersStand(result);
  const [stand, setStand] = useState<Stand>(papers);
  const here = chosenAt(result, stand);
  const { windows } = here.resolution;
  const slider = (
    label: string,
    name: keyof Stand,
    count: number,
    format: (at: number) => string,
  ): JSX.Element => (
    <Slider
      {...{ label, format }}
      value={stand[name]}
      min={0}
      max={count - 1}
      step={1}
      onChange={(at) => setStand({ ...stand, [name]: at })}
    />
  );
  const swept = sweptAt(sweeps, dataKey, here);
  return (
    <>
      <div className="settings-head">
        {slider("H3 resolution", "resolution", result.resolutions.length, (at) =>
          String(result.resolutions[at]?.resolution),
        )}
        {slider("Window", "window", windows.length, (at) =>
          formatCounted(windows[at]?.windowMin ?? 0, "minute"),
        )}
        {slider("Hidden check-ins", "mask", windows[0]!.masks.length, (at) =>
          maskText(windows[0]!.masks[at]?.rate ?? 0),
        )}
      </div>
      <TradeTable here={here} papers={chosenAt(result, papers)} />
      {swept.map((text) => (
        <p key={text} className="finding">
          {text}
        </p>
      ))}
      <ul className="note">
        <li>
          Counted on these data, nothing is trained; hiding is drawn on{" "}
          {formatCounted(result.hiddenIn, "test trajectory", "test trajectories")}. The vocabulary
          follows the resolution alone, tokens follow resolution and window, and what is hidden
          follows all three. A window joins check-ins in one cell that begin within it; shorter ones
          than the data’s would need their points.
        </li>
        <li>
          A summary of paper 2 says that a higher share of hidden check-ins gives “more context”. It
          gives less: what is hidden is not seen. It gives more to guess in each step, and fewer
          guesses that a copy of the neighbour solves.
        </li>
        <li>
          {swept.length === 0
            ? "What settings are worth after training is for the sweep below to say; what it finds stands here too."
            : "What was trained is from sweeps in this browser, with a window as the data have it."}
        </li>
      </ul>
    </>
  );
}

/** Paper 2's design trade-offs as three linked sliders (SD-07). */
export default function TradeOffs(props: TradeOffsProps): JSX.Element {
  const answer = useAnswer<TradeOffsJob>("trade-offs");
  return (
    <div data-part="trade-offs">
      {answer.result && <Sliders {...props} result={answer.result} />}
      <AskLine
        state={answer.state}
        start="Count what the settings cost and leave"
        onStart={() => answer.start(toTradeOffs)}
        onStop={answer.stop}
      />
    </div>
  );
}
