import { useMemo, useRef, useState } from "react";
import type { JSX, ReactNode } from "react";
import { useTheme } from "../style/theme";
import { Key } from "../ui/Key";
import { Legend } from "../ui/Legend";
import type { Basemap } from "./basemap";
import type { CheckInMark } from "./check-ins";
import { CheckInStrip } from "./CheckInStrip";
import { formatShare } from "./format";
import { mapColors } from "./map-colors";
import { MapFigure } from "./MapFigure";
import { maskedFigure } from "./masked-figure";
import type { Guess } from "./masked-figure";
import { useSameList } from "./use-same";

export interface MaskedPredictionMapProps {
  /** Short name for tests, default "masked". */
  name?: string;
  /** Default "Masked prediction". */
  title?: string;
  /** The trajectory in time order; keep the array while it does not change. */
  checkIns: readonly CheckInMark[];
  /** Position of the masked check-in, from 0. */
  masked: number;
  /** What the true cell is called in the key, default "true cell of the masked check-in". */
  truthText?: string;
  /** Likeliest first; empty while the model still thinks. Keep the array while it does not change. */
  guesses: readonly Guess[];
  /** Positions of all check-ins that the model does not see; default only the masked one. */
  hidden?: readonly number[] | undefined;
  /** Colours by powers of ten, so that small probabilities are told apart; default false. */
  isLog?: boolean;
  basemap: Basemap | Promise<Basemap>;
  /** Choosing a check-in on the map or in the strip below it. */
  onMask?: (index: number) => void;
  /** CSS pixels, default 440. */
  heightPx?: number;
  caption?: ReactNode;
}

const keyOf = (truthText: string) =>
  [
    { text: "trajectory", look: "line", color: "var(--ink-faint)" },
    { text: truthText, look: "outline", color: "var(--truth)" },
    { text: "likeliest cell", look: "outline", color: "var(--guess)" },
    { text: "from guess to truth", look: "dashed", color: "var(--ink)" },
  ] as const;

/** One trajectory with one check-in masked: where the model thinks it was, and where it was (paper 1, Figure 1). */
export function MaskedPredictionMap(props: MaskedPredictionMapProps): JSX.Element {
  const { checkIns, masked, guesses, isLog, title = "Masked prediction" } = props;
  const hidden = useSameList(props.hidden);
  const colors = mapColors(useTheme());
  const [isWide, setWide] = useState(false);
  const onMask = useRef(props.onMask);
  onMask.current = props.onMask;
  const canMask = props.onMask !== undefined;
  const figure = useMemo(() => {
    const input = { title, checkIns, masked, guesses, hidden, isLog };
    return maskedFigure(input, colors, canMask ? (index) => onMask.current?.(index) : undefined);
  }, [title, checkIns, masked, guesses, hidden, isLog, colors, canMask]);
  return (
    <div className="masked-figure">
      <MapFigure
        name={props.name ?? "masked"}
        label={title}
        panels={figure.panels}
        cells={figure.cells}
        shapes={figure.shapes}
        markers={figure.markers}
        basemap={props.basemap}
        bounds={isWide ? figure.far : figure.near}
        twin={figure.twin}
        heightPx={props.heightPx ?? 440}
        caption={props.caption}
        legend={
          <>
            <Legend scale={figure.scale} format={formatShare} widthPx={130} />
            <Key items={keyOf(props.truthText ?? "true cell of the masked check-in")} />
            <label className="map-switch">
              <input type="checkbox" checked={isWide} onChange={() => setWide(!isWide)} />
              whole trajectory
            </label>
          </>
        }
      />
      <CheckInStrip checkIns={checkIns} chosen={masked} verb="mask" onChoose={props.onMask} />
    </div>
  );
}
