import { useMemo, useRef } from "react";
import type { JSX, ReactNode } from "react";
import { useTheme } from "../style/theme";
import { Key } from "../ui/Key";
import type { Basemap } from "./basemap";
import type { CheckInMark } from "./check-ins";
import { CheckInStrip } from "./CheckInStrip";
import { mapColors } from "./map-colors";
import { MapFigure } from "./MapFigure";
import { tokenFigure } from "./token-figure";
import type { Piece, TokenInput } from "./token-figure";

export interface TokenStagesMapProps {
  /** Short name for tests, default "tokens". */
  name?: string;
  /** Raw points of the trajectory in degrees; default the middles of the cells. */
  points?: TokenInput["points"];
  /** The trajectory in time order; keep the array while it does not change. */
  checkIns: readonly CheckInMark[];
  /** Position of the check-in whose pieces are shown, from 0. */
  chosen: number;
  /** Pieces of its cell, coarse to fine; keep the array while it does not change. */
  pieces: readonly Piece[];
  basemap: Basemap | Promise<Basemap>;
  onChoose?: (index: number) => void;
  /** CSS pixels of one map, default 380. */
  heightPx?: number;
  caption?: ReactNode;
}

const KEY = [
  { text: "cells with check-ins", look: "fill", color: "var(--truth)" },
  { text: "hexagon of the first piece", look: "outline", color: "var(--truth)" },
  { text: "what the next piece chooses from", look: "line", color: "var(--ink-faint)" },
  { text: "the whole cell", look: "outline", color: "var(--guess)" },
] as const;

/** The way of one trajectory: points, check-ins in cells, and one cell split into its pieces. */
export function TokenStagesMap(props: TokenStagesMapProps): JSX.Element {
  const { points, checkIns, chosen, pieces } = props;
  const colors = mapColors(useTheme());
  const onChoose = useRef(props.onChoose);
  onChoose.current = props.onChoose;
  const canChoose = props.onChoose !== undefined;
  const figure = useMemo(() => {
    const input = { points, checkIns, chosen, pieces };
    return tokenFigure(input, colors, canChoose ? (i) => onChoose.current?.(i) : undefined);
  }, [points, checkIns, chosen, pieces, colors, canChoose]);
  return (
    <div className="token-figure">
      <MapFigure
        {...figure}
        name={props.name ?? "tokens"}
        label="From points to tokens"
        basemap={props.basemap}
        heightPx={props.heightPx ?? 380}
        caption={props.caption}
        maxZoom={15}
        legend={<Key items={KEY} />}
      />
      <CheckInStrip checkIns={checkIns} chosen={chosen} verb="show" onChoose={props.onChoose} />
    </div>
  );
}
