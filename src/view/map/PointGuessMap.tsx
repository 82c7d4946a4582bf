import { useMemo, type JSX } from "react";
import type { PointGuess } from "../../core/job/point-guess";
import { useTheme } from "../style/theme";
import { Key } from "../ui/Key";
import type { Basemap } from "./basemap";
import { mapColors } from "./map-colors";
import { MapFigure } from "./MapFigure";
import { pointFigure } from "./point-figure";

interface PointGuessMapProps {
  /** Short name for tests. */
  name: string;
  title: string;
  guess: PointGuess;
  basemap: Basemap | Promise<Basemap>;
  /** CSS pixels. */
  heightPx: number;
}

const KEY = [
  { text: "what it sees", look: "line", color: "var(--ink-faint)" },
  { text: "what came then", look: "line", color: "var(--truth)" },
  { text: "what it gives", look: "line", color: "var(--guess)" },
] as const;

/** How a model goes on from some points, beside the points that came. */
export function PointGuessMap(props: PointGuessMapProps): JSX.Element {
  const { name, title, guess, basemap, heightPx } = props;
  const colors = mapColors(useTheme());
  // reports cross from a worker, so that no object is ever the same: the step stands for the guess
  const figure = useMemo(() => pointFigure(guess, title, colors), [guess.step, title, colors]); // oxlint-disable-line react/exhaustive-deps -- as above
  return (
    <MapFigure
      name={name}
      label={title}
      panels={figure.panels}
      shapes={figure.shapes}
      basemap={basemap}
      bounds={figure.bounds}
      twin={figure.twin}
      heightPx={heightPx}
      legend={<Key items={KEY} />}
    />
  );
}
