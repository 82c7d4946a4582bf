import type { JSX } from "react";
import { formatTick } from "../map/format";
import { scalePosition, scaleTable } from "../map/scale";
import type { Scale } from "../map/scale";

interface LegendProps {
  scale: Scale;
  /** What the colours mean; default the scale's unit. */
  title?: string;
  /** How a tick reads, default 1.2k. */
  format?: (value: number) => string;
  /** CSS pixels of the bar, default 220. */
  widthPx?: number;
}

const STOPS = 16;

function gradient(scale: Scale): string {
  const table = scaleTable(scale);
  const colors = Array.from({ length: STOPS + 1 }, (_, i) => {
    const [red, green, blue] = table[Math.round((i / STOPS) * 255)]!;
    return `rgb(${red} ${green} ${blue})`;
  });
  return `linear-gradient(to right, ${colors.join(", ")})`;
}

function tickText(scale: Scale, tick: number, format: (value: number) => string): string {
  const [low, high] = scale.domain;
  const text = scale.kind === "diverging" && tick > 0 ? `+${format(tick)}` : format(tick);
  if (tick === high && scale.beyond[1]) return `${text}+`;
  return tick === low && scale.beyond[0] ? `under ${text}` : text;
}

/** A colour bar with ticks: one for all panels that share a scale. */
export function Legend({
  scale,
  title = scale.unit,
  format = formatTick,
  widthPx = 220,
}: LegendProps): JSX.Element {
  const mark = scale.beyond[1] ? ", greater values in the last colour" : "";
  return (
    <div
      className="legend"
      role="img"
      aria-label={`Legend: ${title}, from ${format(scale.domain[0])} to ${format(scale.domain[1])}${mark}`}
    >
      <span className="legend-title">{title}</span>
      <div className="legend-scale" style={{ width: widthPx }}>
        <div
          className={scale.beyond[1] ? "legend-bar legend-open" : "legend-bar"}
          style={{ background: gradient(scale) }}
        />
        {scale.ticks.map((tick) => (
          <span
            key={tick}
            className="legend-tick"
            style={{ left: `${(scalePosition(scale, tick) * 100).toFixed(1)}%` }}
          >
            {tickText(scale, tick, format)}
          </span>
        ))}
      </div>
    </div>
  );
}
