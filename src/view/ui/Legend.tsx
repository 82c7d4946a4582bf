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

/** Width of a letter of a tick and the gap between two ticks, CSS pixels. */
const LETTER_PX = 6;
const GAP_PX = 3;

interface Tick {
  readonly text: string;
  /** Its middle, CSS pixels from the left. */
  readonly at: number;
}

/** The ticks that can be read beside one another: the last one, and of the others as many as there is room for. */
export function readableTicks<T extends Tick>(ticks: readonly T[]): T[] {
  const kept: T[] = ticks.slice(-1);
  for (const tick of ticks.slice(0, -1)) {
    const isFree = kept.every(({ text, at }) => {
      const letters = (text.length + tick.text.length) / 2;
      return Math.abs(at - tick.at) >= letters * LETTER_PX + GAP_PX;
    });
    if (isFree) kept.push(tick);
  }
  return kept.toSorted((a, b) => a.at - b.at);
}

/** A colour bar with ticks: one for all panels that share a scale. */
export function Legend({
  scale,
  title = scale.unit,
  format = formatTick,
  widthPx = 220,
}: LegendProps): JSX.Element {
  const ticks = scale.ticks.map((tick) => {
    const at = scalePosition(scale, tick) * widthPx;
    return { tick, at, text: tickText(scale, tick, format) };
  });
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
        {readableTicks(ticks).map(({ tick, at, text }) => (
          <span key={tick} className="legend-tick" style={{ left: `${at.toFixed(1)}px` }}>
            {text}
          </span>
        ))}
      </div>
    </div>
  );
}
