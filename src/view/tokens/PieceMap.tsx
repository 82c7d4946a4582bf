import { useMemo, type JSX } from "react";
import type { LookupResult } from "../../core/job/lookup";
import { boundsOfCells, boundsOfTable } from "../map/bounds";
import { mapColors } from "../map/map-colors";
import { MapFigure } from "../map/MapFigure";
import { cellHash } from "../../core/geo/cells";
import { usePage } from "../page-context";
import { useTheme } from "../style/theme";
import { Key } from "../ui/Key";
import { pieceFigure } from "./piece-figure";

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
    () => (cells.hi.length === 1 ? boundsOfCells([cellHash(cells, 0)]) : boundsOfTable(cells)),
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
      legend={<Key items={[{ text: meaning, look: "fill", color: "var(--truth)" }]} />}
    />
  );
}
