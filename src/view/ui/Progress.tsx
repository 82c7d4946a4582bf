import type { JSX } from "react";
import { formatValue } from "../map/format";

export interface ProgressProps {
  /** What is being done, e.g. "Fitting the probe". */
  label: string;
  /** 0 to 1; undefined while the end is not known. */
  share?: number | undefined;
  /** Things done per second; default not shown. */
  ratePerSecond?: number | undefined;
  /** What is counted by the rate, e.g. "cells"; default "". */
  unit?: string;
  /** Seconds left; default not shown. */
  secondsLeft?: number | undefined;
}

/** "12 s", "3 min 20 s", "2 h 05 min"; whole seconds. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${String(whole % 60).padStart(2, "0")} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

/** How far, how fast, how long still. Nothing moves by itself: a bar that blinks says nothing. */
export function Progress({
  label,
  share,
  ratePerSecond,
  unit = "",
  secondsLeft,
}: ProgressProps): JSX.Element {
  const facts = [
    ...(share === undefined ? [] : [`${Math.floor(share * 100)}%`]),
    ...(ratePerSecond === undefined ? [] : [`${formatValue(ratePerSecond)} ${unit}/s`]),
    ...(secondsLeft === undefined ? [] : [`${formatDuration(secondsLeft)} left`]),
  ];
  return (
    <div className="progress">
      <div className="progress-text">
        <span>{label}</span>
        <span className="progress-facts">{facts.join(" · ")}</span>
      </div>
      <progress aria-label={label} max={1} value={share} />
    </div>
  );
}
