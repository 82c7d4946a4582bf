import { cellToParent, getResolution } from "h3-js";
import { useMemo, type JSX } from "react";
import type { LookupResult } from "../../core/job/lookup";
import { boundsOfCells, boundsOfTable } from "../map/bounds";
import type { Bounds } from "../map/cell-geometry";
import { mapColors } from "../map/map-colors";
import { MapFigure } from "../map/MapFigure";
import { cellHash } from "../../core/geo/cells";
import { usePage } from "../page-context";
import { useTheme } from "../style/theme";
import { Key } from "../ui/Key";
import { isCrowd, pieceFigure } from "./piece-figure";

/** One hexagon is looked at from this many levels up. */
const LEVELS_AROUND = 2;

function boundsAround(hash: string): Bounds {
  return boundsOfCells([cellToParent(hash, Math.max(0, getResolution(hash) - LEVELS_AROUND))]);
}

const CROWD_CAPTION =
  "From far away a coarser hexagon is drawn wherever it holds one of them: zoom in to see each.";

interface PieceMapProps {
  result: LookupResult;
  title: string;
}

/** All hexagons of a piece on the map (TK-09). */
export function PieceMap({ result, title }: PieceMapProps): JSX.Element {
  const { basemap } = usePage();
  const colors = mapColors(useTheme());
  const figure = useMemo(() => pieceFigure(result, title, colors), [result, title, colors]);
  const { cells, found } = result;
  const meaning = found.kind === "token" ? "hexagons with this piece" : "what was looked up";
  const bounds = useMemo(
    () => (cells.hi.length === 1 ? boundsAround(cellHash(cells, 0)) : boundsOfTable(cells)),
    [cells],
  );
  return (
    <MapFigure
      {...figure}
      name="piece-cells"
      label="Hexagons of a piece"
      base="maplibre"
      basemap={basemap}
      bounds={bounds}
      heightPx={340}
      caption={isCrowd(cells) ? CROWD_CAPTION : undefined}
      legend={<Key items={[{ text: meaning, look: "fill", color: "var(--truth)" }]} />}
    />
  );
}
