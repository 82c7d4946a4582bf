import type { ReactNode } from "react";
import type { CellTable } from "../../core/geo/cells";
import type { Basemap } from "./basemap";
import type { Bounds } from "./cell-geometry";
import type { Twin } from "./cell-twin";
import type { MapPanel } from "./MapPanels";
import type { Marker } from "./markers";
import type { Shape } from "./shapes";

export interface MapFigureProps {
  /** Short name for tests, `data-figure`. */
  name: string;
  /** What the figure shows, in a few words, for people who do not see it. */
  label: string;
  /** One map a panel, side by side, moved together; keep the array while it does not change. */
  panels: readonly MapPanel[];
  basemap: Basemap | Promise<Basemap>;
  /** The same as text and table. */
  twin: Twin;
  /** Cells that the panels' values belong to; default none. */
  cells?: CellTable | undefined;
  /** What is drawn over the cells; keep the array while it does not change. Default none. */
  shapes?: readonly Shape[];
  /** Labels; default none. */
  markers?: readonly Marker[];
  /** What to look at first; default all cells. A change moves the map there. */
  bounds?: Bounds | undefined;
  /** CSS pixels of one panel, default 380. */
  heightPx?: number;
  /** What draws it: MapLibre's basemap with the cells inside, for one panel only; default deck.gl alone. */
  base?: "deck" | "maplibre";
  /** Nearest first look, default 12. */
  maxZoom?: number;
  /** Legends, below the maps; default none. */
  legend?: ReactNode;
  /** What the figure shows and how to read it, default none. */
  caption?: ReactNode;
  /** A click on a cell of the table. */
  onCell?: ((cell: number) => void) | undefined;
}
