import type { JSX } from "react";
import type { GridFrame, ReadOptions } from "../../core/data/read/source";
import { NumberField } from "../ui/NumberField";
import { TextField } from "../ui/TextField";
import type { ChangeRead } from "./read-change";

interface GridPlaceProps {
  read: ReadOptions;
  onRead: ChangeRead;
}

/** What the reader takes where nothing is chosen: the open South Atlantic, and a Monday. */
const FIRST_FRAME: GridFrame = { lat: -30, lng: 0.5, cellM: 500, dayZeroMs: Date.UTC(2001, 0, 1) };

const dayText = (timeMs: number): string => new Date(timeMs).toISOString().slice(0, 10);

/** Where a grid without true places is laid on the map, and which day is its first. */
export function GridFrameFields({ read, onRead }: GridPlaceProps): JSX.Element {
  const frame = read.frame ?? FIRST_FRAME;
  const change = (part: Partial<GridFrame>): void => onRead({ frame: { ...frame, ...part } });
  return (
    <fieldset className="grid-place">
      <legend>Where the grid is laid: not its true place, which nobody tells</legend>
      <NumberField
        label="north-west corner, latitude"
        value={frame.lat}
        min={-85}
        max={85}
        step="any"
        onChange={(lat = frame.lat) => change({ lat })}
      />
      <NumberField
        label="longitude"
        value={frame.lng}
        min={-180}
        max={180}
        step="any"
        onChange={(lng = frame.lng) => change({ lng })}
      />
      <NumberField
        label="size of a grid cell"
        unit="m"
        value={frame.cellM}
        min={1}
        max={100_000}
        step="any"
        onChange={(cellM = frame.cellM) => change({ cellM })}
      />
      <TextField
        label="day 0 is"
        value={dayText(frame.dayZeroMs)}
        onChange={(text) => {
          const dayZeroMs = Date.parse(`${text}T00:00:00Z`);
          if (!Number.isNaN(dayZeroMs)) change({ dayZeroMs });
        }}
      />
    </fieldset>
  );
}

const SIDES = ["south", "west", "north", "east"] as const;

/** The degrees that coordinates from 0 to 1 span (RAW's arrays). */
export function BoxFields({ read, onRead }: GridPlaceProps): JSX.Element {
  const box = read.box;
  return (
    <fieldset className="grid-place">
      <legend>The box in degrees that the normalised coordinates span</legend>
      {SIDES.map((side, i) => (
        <NumberField
          key={side}
          label={side}
          value={box?.[i]}
          min={-180}
          max={180}
          step="any"
          onChange={(value = 0) => {
            const next = [0, 1, 2, 3].map((k) => (k === i ? value : (box?.[k] ?? 0)));
            onRead({ box: next as [number, number, number, number] });
          }}
        />
      ))}
    </fieldset>
  );
}
