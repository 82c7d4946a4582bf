import { useMemo, useState, type JSX } from "react";
import type { MergedPerson } from "../../core/job/merged-points";
import { boundsOf, boundsOfCells } from "../map/bounds";
import { mapColors, withAlpha, type MapColors } from "../map/map-colors";
import { MapFigure } from "../map/MapFigure";
import { cellRing, type LngLat, type Shape } from "../map/shapes";
import { usePage } from "../page-context";
import { useTheme } from "../style/theme";
import { Key } from "../ui/Key";
import { Select } from "../ui/Select";
import { formatCount, formatCounted } from "../words";

const KEY = [
  { text: "points", look: "fill", color: "var(--ink-soft)" },
  { text: "cells of check-ins, fuller with more of them", look: "fill", color: "var(--truth)" },
] as const;

/** Rows of the table twin. */
const MOST_ROWS = 100;

/** Cells of check-ins, with how many lie in each. */
function countCells({ checkIns }: MergedPerson): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { hash } of checkIns) counts.set(hash, (counts.get(hash) ?? 0) + 1);
  return counts;
}

const placesOf = ({ lat, lng }: MergedPerson): LngLat[] =>
  Array.from(lat, (degrees, i): LngLat => [lng[i]!, degrees]);

/** Cells by their check-ins, in three steps of fullness. */
function cellShapes(person: MergedPerson, colors: MapColors): Shape[] {
  const counts = [...countCells(person)];
  const steps = [
    { least: 1, most: 1, alpha: 60 },
    { least: 2, most: 4, alpha: 120 },
    { least: 5, most: Infinity, alpha: 190 },
  ];
  const fills = steps.map(({ least, most, alpha }): Shape => {
    const hashes = counts.filter(([, count]) => count >= least && count <= most);
    const rings = hashes.map(([hash]) => cellRing(hash));
    const color = withAlpha(colors.truth, alpha);
    return { id: `cells-${least}`, panel: "check-ins", kind: "fill", rings, color };
  });
  const lines = counts.map(([hash]) => cellRing(hash));
  const color = colors.truth;
  return [...fills, { id: "edges", panel: "check-ins", kind: "line", lines, widthPx: 1.2, color }];
}

function pointShapes(person: MergedPerson, colors: MapColors): Shape[] {
  const places = placesOf(person);
  const color = withAlpha(colors.path, 200);
  return [
    { id: "way", panel: "points", kind: "line", lines: [places], widthPx: 1, color: colors.path },
    { id: "points", panel: "points", kind: "dots", places, radiusPx: 2.5, color },
  ];
}

const moment = (timeMs: number): string =>
  new Date(timeMs).toISOString().replace("T", " ").slice(0, 16);

function summaryOf(person: MergedPerson): string {
  const { lat, points, checkIns, hasPlaces } = person;
  const first = lat.length < points ? `the first ${formatCount(lat.length)} of ` : "";
  const middles = hasPlaces ? "" : " Points are drawn at the middles of their cells.";
  return `${person.name}: ${first}${formatCounted(points, "point")} became ${formatCounted(checkIns.length, "check-in")} in ${formatCounted(countCells(person).size, "cell")}.${middles}`;
}

/** Everything the map draws of one person. */
export function mergedFigure(person: MergedPerson, colors: MapColors) {
  const cells = [...countCells(person).keys()];
  const [west, south, east, north] = boundsOf(placesOf(person));
  const around = cells.length > 0 ? boundsOfCells(cells) : ([west, south, east, north] as const);
  return {
    panels: [
      { id: "points", title: "Points" },
      { id: "check-ins", title: "Check-ins" },
    ],
    shapes: [...pointShapes(person, colors), ...cellShapes(person, colors)],
    bounds: [
      Math.min(west, around[0]),
      Math.min(south, around[1]),
      Math.max(east, around[2]),
      Math.max(north, around[3]),
    ] as const,
    twin: {
      summary: summaryOf(person),
      head: ["from (UTC)", "to (UTC)", "points", "cell"],
      rows: person.checkIns
        .slice(0, MOST_ROWS)
        .map(({ startMs, endMs, points, hash }) => [
          moment(startMs),
          moment(endMs),
          String(points),
          hash,
        ]),
    },
  };
}

/** One person's points and the check-ins that they became, before any filter (DI-16). */
export function MergedMap({ people }: { people: readonly MergedPerson[] }): JSX.Element | null {
  const { basemap } = usePage();
  const theme = useTheme();
  const [wanted, setWanted] = useState("");
  const person = people.find(({ name }) => name === wanted) ?? people[0];
  const figure = useMemo(() => person && mergedFigure(person, mapColors(theme)), [person, theme]);
  if (!person || !figure) return null;
  return (
    <section className="merged-points" aria-label="Points into check-ins">
      <Select
        label="What becomes of the points of"
        value={person.name}
        options={people.map(({ name, points }) => ({
          value: name,
          text: `${name} (${formatCounted(points, "point")})`,
        }))}
        onChange={setWanted}
      />
      <p className="note" data-merged={person.checkIns.length}>
        {figure.twin.summary}
      </p>
      <MapFigure
        name="merged-points"
        label="Points and their check-ins"
        basemap={basemap}
        heightPx={300}
        maxZoom={15}
        legend={<Key items={KEY} />}
        {...figure}
      />
    </section>
  );
}
