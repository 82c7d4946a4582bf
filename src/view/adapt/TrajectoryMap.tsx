import { useEffect, useMemo, useRef, type JSX } from "react";
import type { WalkJob, WalkResult } from "../../core/job/walk";
import type { TaskFacts, TruthRole } from "../../core/task/tasks/types";
import { toAskedWalk } from "../../notebook/steps/adapt";
import { useAnswer } from "../asking";
import { boundsOfCells } from "../map/bounds";
import { cellTwin } from "../map/cell-twin";
import { trajectoryLine } from "../map/check-ins";
import { classScale, toEntries } from "../map/class-figure";
import { formatShare, formatValue } from "../map/format";
import { mapColors, withAlpha } from "../map/map-colors";
import { MapFigure } from "../map/MapFigure";
import type { MapPanel } from "../map/MapPanels";
import { sharedScale } from "../map/scale";
import type { Shape } from "../map/shapes";
import { usePage } from "../page-context";
import { useTheme } from "../style/theme";
import { AskLine } from "../tokens/AskLine";
import { ClassLegend } from "../ui/ClassLegend";
import { Legend } from "../ui/Legend";
import { formatCounted } from "../words";

interface TrajectoryMapProps {
  /** Its number in the data set. */
  trajectory: number;
  task: Pick<TaskFacts, "name" | "title">;
  caption: string;
}

/** What a trajectory is drawn over: paper 1 has prefectures in Figure 9 and tree cover in Figure 10. */
const GROUNDS: Partial<Record<TaskFacts["name"], TruthRole>> = {
  diversity: "prefecture",
  "travel-prefecture": "prefecture",
  "travel-region": "region",
  greenery: "trees",
  "greenery-grass": "trees",
  "greenery-dwell": "trees",
};

/** The land under a trajectory. */
function groundPanel({ cells, values, classes, title, unit }: NonNullable<WalkResult["around"]>) {
  if (classes === undefined) {
    const isShare = unit.startsWith("share");
    const scale = sharedScale([values], { unit, ...(isShare && { domain: [0, 1] as const }) });
    const format = isShare ? formatShare : formatValue;
    const panel: MapPanel = { id: "ground", title, values, scale, format };
    return {
      panel,
      cells,
      legend: <Legend scale={scale} title={`${title}, ${unit}`} format={format} />,
    };
  }
  const { entries, colorOf } = toEntries({ truth: values, predicted: values, classes });
  const known = entries.filter(({ truth }) => truth > 0);
  const otherCount = Math.max(0, known.length - 9);
  const panel: MapPanel = {
    id: "ground",
    title,
    values,
    scale: classScale(colorOf, unit),
    format: (value) => classes[value] ?? "no value",
    isClasses: true,
  };
  const legend = <ClassLegend title={title} entries={known} {...{ otherCount }} />;
  return { panel, cells, legend };
}

function Drawn({ result, title, caption }: { result: WalkResult; title: string; caption: string }) {
  const { basemap } = usePage();
  const colors = mapColors(useTheme());
  const { walks, around, travel } = result;
  const { hashes } = walks[0]!;
  const ground = useMemo(() => around && groundPanel(around), [around]);
  const shapes = useMemo((): Shape[] => {
    const line = trajectoryLine(hashes.map((hash) => ({ hash })));
    return [
      { id: "halo", kind: "line", lines: [line], widthPx: 5, color: colors.halo },
      { id: "path", kind: "line", lines: [line], widthPx: 2, color: colors.ink },
      {
        id: "check-ins",
        kind: "dots",
        places: line,
        radiusPx: 3.5,
        color: withAlpha(colors.ink, 255),
      },
      ...(travel === undefined || travel.length === 0
        ? []
        : [
            {
              id: "travel",
              kind: "dots",
              places: travel.map((place) => line[place]!),
              radiusPx: 7,
              color: colors.guess,
            } as const,
          ]),
    ];
  }, [hashes, travel, colors]);
  const bounds = useMemo(() => boundsOfCells(hashes), [hashes]);
  const panels = useMemo(() => [ground?.panel ?? { id: "ground", title }], [ground, title]);
  const twin = useMemo(() => {
    const { cells, panel } = ground ?? {};
    const distinct = new Set(hashes).size;
    const summary = `${formatCounted(hashes.length, "check-in")} in ${formatCounted(distinct, "cell")}. ${caption}`;
    if (cells === undefined || panel === undefined)
      return { summary, head: ["cell"], rows: hashes.map((hash) => [hash]) };
    return {
      ...cellTwin(cells, [{ title: panel.title, values: panel.values!, format: panel.format }]),
      summary,
    };
  }, [ground, hashes, caption]);
  return (
    <MapFigure
      name="trajectory"
      label={`${title}: one trajectory`}
      panels={panels}
      cells={ground?.cells}
      shapes={shapes}
      bounds={bounds}
      basemap={basemap}
      twin={twin}
      heightPx={360}
      legend={ground?.legend}
      caption={travel ? `${caption} ${travelWords(travel.length)}` : caption}
    />
  );
}

/** What the large dots are. */
function travelWords(count: number): string {
  if (count === 0) return "No check-in lies outside the home district on a free day.";
  const those = formatCounted(count, "check-in");
  return `Large dots: ${those} outside the home district on a free day, which make the label.`;
}

/** One trajectory over the land that its label is made from, with the true and the guessed value (paper 1, Figures 9, 10). */
export function TrajectoryMap({ trajectory, task, caption }: TrajectoryMapProps): JSX.Element {
  const answer = useAnswer<WalkJob>(`walk ${trajectory}`);
  const role = GROUNDS[task.name];
  const marksTravel = task.name.startsWith("travel-");
  const start = (): void =>
    answer.start(toAskedWalk({ trajectories: [trajectory], ...(role && { role }), marksTravel }));
  useEffect(() => {
    start();
    // oxlint-disable-next-line react/exhaustive-deps -- asked once: another trajectory is another component
  }, []);
  const place = useRef<HTMLDivElement>(null);
  const isThere = answer.result !== undefined;
  useEffect(() => {
    if (isThere) place.current?.scrollIntoView({ block: "nearest" });
  }, [isThere]);
  if (answer.result) {
    return (
      <div ref={place}>
        <Drawn result={answer.result} title={task.title} caption={caption} />
      </div>
    );
  }
  return (
    <AskLine
      state={answer.state}
      start="Draw the trajectory"
      onStart={start}
      onStop={answer.stop}
    />
  );
}
