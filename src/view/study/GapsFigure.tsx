import { useMemo, useState, type JSX } from "react";
import type { WalkResult } from "../../core/job/walk";
import { formatKm } from "../map/format";
import { measureRows, type MeasureColumn } from "../steps/measure-column";
import { Select } from "../ui/Select";
import { Table } from "../ui/Table";
import { formatCounted, formatPercent, formatProbability } from "../words";
import { RoutesMap, type DrawnRoute } from "./RoutesMap";
import type { AnswerOf } from "./StudyFigure";
import { Walk } from "./Walk";

type Answer = AnswerOf<"impute">;
type Gap = Answer["gaps"][number];
type Score = Answer["scores"][number];

const COLUMNS: readonly MeasureColumn<Score>[] = [
  { title: "exactly right", value: ({ exact }) => exact, format: formatPercent, better: "high" },
  { title: "mean distance", value: ({ km }) => km, format: formatKm, better: "low" },
  { title: "DTW a check-in", value: ({ dtwKm }) => dtwKm, format: formatKm, better: "low" },
  {
    title: "GEO-BLEU",
    value: ({ geoBleu }) => geoBleu,
    format: (value) => value.toFixed(3),
    better: "high",
  },
];

const KEY = [
  { text: "before and after", look: "line", color: "var(--ink-faint)" },
  { text: "true way", look: "line", color: "var(--truth)" },
  { text: "ways that were found, the likelier the wider", look: "line", color: "var(--guess)" },
] as const;

/** Places around a gap that are drawn; all of a month would hide it. */
const AROUND = 4;

interface Parts {
  before: string[];
  truth: string[];
  after: string[];
  routes: string[][];
}

/** Cells of a gap, one part after the other, as the walk job is asked for them. */
function cellsOf({ before, truth, after, routes }: Gap): number[] {
  return [
    ...before.slice(-AROUND),
    ...truth,
    ...after.slice(0, AROUND),
    ...routes.flatMap(({ cells }) => [...cells]),
  ];
}

/** Its answer cut into the parts again. */
function toParts({ before, truth, after, routes }: Gap, { hashes }: WalkResult): Parts {
  let at = 0;
  const take = (count: number): string[] => hashes.slice(at, (at += count));
  return {
    before: take(Math.min(AROUND, before.length)),
    truth: take(truth.length),
    after: take(Math.min(AROUND, after.length)),
    routes: routes.map(({ cells }) => take(cells.length)),
  };
}

function drawnRoutes(
  { routes: found }: Gap,
  { before, truth, after, routes }: Parts,
): DrawnRoute[] {
  const [from, to] = [before.slice(-1), after.slice(0, 1)];
  return [
    { id: "before", hashes: before, color: "path", widthPx: 1.5 },
    { id: "after", hashes: after, color: "path", widthPx: 1.5 },
    ...routes.map((hashes, i): DrawnRoute => ({
      id: `way ${i + 1}`,
      hashes: [...from, ...hashes, ...to],
      color: "guess",
      widthPx: 1 + 5 * (found[i]?.probability ?? 0),
    })),
    { id: "truth", hashes: [...from, ...truth, ...to], color: "truth", widthPx: 2.5 },
  ];
}

function GapMap({ gap, result }: { gap: Gap; result: WalkResult }): JSX.Element {
  const parts = useMemo(() => toParts(gap, result), [gap, result]);
  const routes = useMemo(() => drawnRoutes(gap, parts), [gap, parts]);
  const near = useMemo(
    () => [
      ...parts.before.slice(-1),
      ...parts.truth,
      ...parts.after.slice(0, 1),
      ...parts.routes.flat(),
    ],
    [parts],
  );
  const rows = parts.routes.map((hashes, i) => [
    `way ${i + 1}`,
    formatProbability(gap.routes[i]!.probability),
    hashes.join(" → "),
    hashes.join() === parts.truth.join() ? "the true one" : "",
  ]);
  const head = ["way", "probability among those found", "cells", ""];
  return (
    <>
      <RoutesMap
        name="gap"
        label="Ways through the gap"
        routes={routes}
        near={near}
        items={KEY}
        twin={{
          summary: `${formatCounted(rows.length, "way")} through a gap of ${formatCounted(parts.truth.length, "check-in")}; the true one is ${parts.truth.join(" → ")}.`,
          head,
          rows,
        }}
      />
      <Table label="Ways that were found" head={head} rows={rows} numeric={[1]} />
    </>
  );
}

/** How well gaps are filled, and one gap with several ways through it (TT-01). */
export function GapsFigure({ answer }: { answer: Answer }): JSX.Element {
  const { gaps, scores } = answer;
  const [chosen, setChosen] = useState("0");
  const gap = gaps[Number(chosen)] ?? gaps[0]!;
  const measured = measureRows(scores, COLUMNS);
  return (
    <>
      <Table
        label="Gaps filled"
        head={["filled by", ...COLUMNS.map(({ title }) => title)]}
        rows={scores.map(({ name }, i) => [name, ...measured[i]!])}
        numeric={COLUMNS.map((_, i) => i + 1)}
        hasRowNames
      />
      <p className="note">
        {formatCounted(gaps.length, "gap")}, one a trajectory. Best of each column in bold.
      </p>
      <Select
        label="Gap"
        value={chosen}
        options={gaps.map(({ trajectory, at }, n) => ({
          value: String(n),
          text: `trajectory ${trajectory}, check-in ${at + 1}`,
        }))}
        onChange={setChosen}
      />
      <Walk asked={{ trajectories: [], cells: cellsOf(gap) }}>
        {(result) => <GapMap key={result.hashes.join()} gap={gap} result={result} />}
      </Walk>
    </>
  );
}
