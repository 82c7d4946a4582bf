import { useMemo, useState, type JSX } from "react";
import type { WalkResult } from "../../core/job/walk";
import { formatKm } from "../map/format";
import { Button } from "../ui/Button";
import { Table } from "../ui/Table";
import { formatCounted, formatPercent } from "../words";
import { RoutesMap, type DrawnRoute } from "./RoutesMap";
import type { AnswerOf } from "./StudyFigure";
import { Walk } from "./Walk";

type Answer = AnswerOf<"similar">;

const KEY = [
  { text: "the trajectory that was asked about", look: "line", color: "var(--truth)" },
  { text: "the one beside it", look: "line", color: "var(--guess)" },
] as const;

function Pair({ result }: { result: WalkResult }): JSX.Element {
  const [query, other] = result.walks;
  const routes = useMemo(
    (): DrawnRoute[] => [
      { id: "query", hashes: query!.hashes, color: "truth", widthPx: 2 },
      { id: "other", hashes: other!.hashes, color: "guess", widthPx: 2 },
    ],
    [query, other],
  );
  const own = new Set(query!.hashes);
  const shared = new Set(other!.hashes.filter((hash) => own.has(hash)));
  return (
    <RoutesMap
      name="similar"
      label={`Trajectories ${query!.trajectory} and ${other!.trajectory}`}
      routes={routes}
      items={KEY}
      twin={{
        summary: `Trajectory ${query!.trajectory} has ${formatCounted(own.size, "cell")}, trajectory ${other!.trajectory} ${formatCounted(new Set(other!.hashes).size, "cell")}; ${formatCounted(shared.size, "cell")} are in both.`,
        head: ["cell in both"],
        rows: [...shared].map((hash) => [hash]),
      }}
    />
  );
}

/** Months most like one of them, by embedding beside dynamic time warping (TT-10). */
export function SimilarFigure({ answer }: { answer: Answer }): JSX.Element {
  const { query, byEmbedding, byWarping, overlap, chance } = answer;
  const [chosen, setChosen] = useState(byEmbedding[0]!.trajectory);
  const show = (trajectory: number, way: string): JSX.Element => (
    <Button
      kind="quiet"
      label={`Show trajectory ${trajectory}, ${way}`}
      onClick={() => setChosen(trajectory)}
    >
      {trajectory === chosen ? `${trajectory} (shown)` : String(trajectory)}
    </Button>
  );
  return (
    <>
      <p className="finding">
        Of the ten nearest trajectories, {formatPercent(overlap)} are the same by both ways; chance
        would give {formatPercent(chance)}.
      </p>
      <Table
        label="Nearest trajectories"
        head={["", "by embedding", "cosine distance", "by time warping", "km in all"]}
        rows={byEmbedding.map(({ trajectory, distance }, n) => {
          const warped = byWarping[n]!;
          return [
            String(n + 1),
            show(trajectory, "by embedding"),
            distance.toFixed(3),
            show(warped.trajectory, "by time warping"),
            formatKm(warped.km),
          ];
        })}
        numeric={[0, 2, 4]}
      />
      <Walk asked={{ trajectories: [query, chosen] }}>{(result) => <Pair result={result} />}</Walk>
    </>
  );
}
