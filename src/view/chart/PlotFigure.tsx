import { plot } from "@observablehq/plot";
import type { PlotOptions } from "@observablehq/plot";
import { useEffect, useRef } from "react";
import type { JSX, ReactNode } from "react";
import type { Twin } from "../map/cell-twin";
import { TableTwin } from "../map/TableTwin";
import { useWidth } from "../map/use-element";

export interface PlotFigureProps {
  /** Short name for tests, `data-figure`. */
  name: string;
  /** What the chart shows, in a few words. */
  label: string;
  /** Marks and scales, without size, or what makes them for a width in CSS pixels; keep it while it does not change. */
  options: PlotOptions | ((width: number) => PlotOptions);
  /** The same as text and table. */
  twin: Twin;
  /** CSS pixels, default 240. */
  heightPx?: number;
  /** CSS pixels at most, default 720: a wider chart only has longer lines. */
  maxWidthPx?: number;
  caption?: ReactNode;
}

/** A chart as wide as its place, drawn by Observable Plot, with the same in words. */
export function PlotFigure(props: PlotFigureProps): JSX.Element {
  const { name, label, options, twin, heightPx = 240, maxWidthPx = 720 } = props;
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  useEffect(() => {
    if (!box.current || width < 2) return;
    const drawn = typeof options === "function" ? options(width) : options;
    const drawing = plot({ ...drawn, width, height: heightPx, ariaLabel: label });
    box.current.replaceChildren(drawing);
    return () => drawing.remove();
  }, [options, width, heightPx, label]);
  return (
    <figure className="chart-figure" data-figure={name} data-drawn={String(width > 1)}>
      <div
        ref={box}
        className="chart"
        role="img"
        aria-label={`${label}. ${twin.summary}`}
        style={{ minHeight: heightPx, maxWidth: maxWidthPx }}
      />
      {props.caption !== undefined && <figcaption>{props.caption}</figcaption>}
      <TableTwin twin={twin} />
    </figure>
  );
}
