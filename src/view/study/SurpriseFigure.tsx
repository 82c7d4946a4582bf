import { useMemo, useState, type JSX } from "react";
import type { WalkResult } from "../../core/job/walk";
import { formatProbability, formatCounted, formatMeasure, formatMoment } from "../words";
import { cellPlace } from "../map/check-ins";
import { scaleColor, sharedScale } from "../map/scale";
import type { Rgba } from "../map/map-colors";
import { Button } from "../ui/Button";
import { Legend } from "../ui/Legend";
import { Table } from "../ui/Table";
import { RoutesMap, type DrawnRoute } from "./RoutesMap";
import type { AnswerOf } from "./StudyFigure";
import { Walk } from "./Walk";

type Surprise = AnswerOf<"surprise">["ranking"][number];

const KEY = [{ text: "the trajectory", look: "line", color: "var(--ink-faint)" }] as const;

/** Nats of a guess among a million cells: no scale needs more. */
const MOST_NATS = 14;
const UNIT = "surprise, nats";

/** A month with its check-ins coloured by how little they were expected. */
function SurpriseMap({
  surprise,
  result,
}: {
  surprise: Surprise;
  result: WalkResult;
}): JSX.Element {
  const { checkIns } = surprise;
  const { hashes, startMs } = result.walks[0]!;
  const scale = useMemo(
    () => sharedScale([checkIns.map(({ nats }) => nats)], { unit: UNIT, domain: [0, MOST_NATS] }),
    [checkIns],
  );
  const routes = useMemo((): DrawnRoute[] => {
    const dots = checkIns.map(({ nats }): Rgba => [...scaleColor(scale, nats)!, 255]);
    const asked = checkIns.map(({ at }) => hashes[at]!);
    return [
      { id: "month", hashes, color: "path", widthPx: 1.5, radiusPx: 2 },
      { id: "asked", hashes: asked, color: "guess", widthPx: 0, dots, radiusPx: 6 },
    ];
  }, [checkIns, hashes, scale]);
  const rows = checkIns
    .toSorted((a, b) => b.nats - a.nats)
    .map(({ at, nats }) => [
      String(at + 1),
      formatMoment(startMs[at]!, cellPlace(hashes[at]!)[0]),
      hashes[at]!,
      nats.toFixed(1),
      formatProbability(Math.exp(-nats)),
    ]);
  const head = ["check-in", "when", "cell", "nats", "probability it had"];
  return (
    <>
      <RoutesMap
        name="surprise"
        label="Where the surprise sits"
        routes={routes}
        items={KEY}
        legend={<Legend scale={scale} title="large dots: surprise where it was hidden, nats" />}
        twin={{
          summary: `${formatCounted(rows.length, "check-in")} of one trajectory; the least expected is number ${rows[0]?.[0]} with ${rows[0]?.[3]} nats.`,
          head,
          rows,
        }}
      />
      <Table label="Check-ins by surprise" head={head} rows={rows} numeric={[0, 3, 4]} />
    </>
  );
}

/** Trajectories by perplexity, and where in one of them the surprise sits (TT-09). */
export function SurpriseFigure({ answer }: { answer: AnswerOf<"surprise"> }): JSX.Element {
  const { ranking } = answer;
  const [chosen, setChosen] = useState(0);
  const surprise = ranking[chosen] ?? ranking[0];
  if (surprise === undefined) return <p>No trajectory has a check-in that the model can write.</p>;
  return (
    <>
      <Table
        label="Trajectories by perplexity"
        head={["trajectory", "perplexity per check-in", "check-ins hidden", ""]}
        rows={ranking.map(({ trajectory, perplexity, checkIns }, n) => [
          String(trajectory),
          formatMeasure(perplexity),
          String(checkIns.length),
          n === chosen ? (
            <span key="shown">shown below</span>
          ) : (
            <Button
              key="show"
              kind="quiet"
              label={`Show trajectory ${trajectory}`}
              onClick={() => setChosen(n)}
            >
              Show
            </Button>
          ),
        ])}
        numeric={[0, 1, 2]}
      />
      <Walk asked={{ trajectories: [surprise.trajectory] }}>
        {(result) => <SurpriseMap key={surprise.trajectory} surprise={surprise} result={result} />}
      </Walk>
    </>
  );
}
