import { useMemo, useState, type JSX } from "react";
import { sizeName } from "../../core/job/sweep/sizes";
import { usePage, type KeptSweep } from "../page-context";
import { Slider } from "../ui/Slider";
import { Table } from "../ui/Table";
import { formatCounted } from "../words";
import {
  CLOSENESS,
  gapText,
  HELD_OUT,
  markedRows,
  measuredOf,
  saidAt,
  stopsOf,
  type Place,
  type Stops,
} from "./transfer";
import { useKept } from "./use-kept";

interface TransferProps {
  sweeps: readonly KeptSweep[];
  /** Says the same for the same data. */
  dataKey: string | undefined;
}

interface SlidersProps {
  stops: Stops;
  place: Place;
  onPlace: (place: Place) => void;
}

const learntFrom = ({ trajectories }: Stops): string[] =>
  trajectories.map((count) => formatCounted(count, "trajectory", "trajectories"));

/** Stands at measured settings alone; of one setting there is nothing to slide. */
function Sliders({ stops, place, onPlace }: SlidersProps): JSX.Element {
  const slider = (
    label: string,
    name: keyof Place,
    texts: readonly string[],
  ): JSX.Element | false =>
    texts.length > 0 && (
      <Slider
        label={label}
        value={place[name]}
        min={0}
        max={texts.length - 1}
        step={1}
        format={(at) => texts[at] ?? ""}
        onChange={(at) => onPlace({ ...place, [name]: at })}
      />
    );
  return (
    <div className="settings-head">
      {slider("Learnt from", "data", learntFrom(stops))}
      {slider("Model", "size", stops.sizes.map(sizeName))}
      {slider("Asked about", "closeness", CLOSENESS)}
      {slider("Held out", "heldOut", HELD_OUT)}
    </div>
  );
}

/** What finished sweeps and tables say of data, model, closeness of the task and split, linked (SD-12). */
export default function Transfer({ sweeps, dataKey }: TransferProps): JSX.Element {
  const { tables } = usePage();
  const { found } = useKept(tables?.list, dataKey ?? "");
  const measured = useMemo(
    () => measuredOf({ sweeps, tables: found }, dataKey),
    [sweeps, found, dataKey],
  );
  const stops = useMemo(() => stopsOf(measured), [measured]);
  const [chosen, setPlace] = useState<Place>({ data: 0, size: 0, closeness: 0, heldOut: 0 });
  if (measured.length === 0) {
    return (
      <p className="note" data-part="transfer">
        No sweep and no table of these people is kept in this browser: what they measure will stand
        here.
      </p>
    );
  }
  const place = {
    ...chosen,
    data: Math.max(0, Math.min(chosen.data, stops.trajectories.length - 1)),
    size: Math.min(chosen.size, stops.sizes.length - 1),
  };
  const said = saidAt(measured, stops, place);
  const columns = learntFrom(stops);
  return (
    <div data-part="transfer">
      <Sliders stops={stops} place={place} onPlace={setPlace} />
      <div role="status" data-part="transfer-said">
        {said.map(({ text }) => (
          <p key={text} className="finding">
            {text}.
          </p>
        ))}
        {said.length === 0 && <p className="finding">{gapText(stops, place)}</p>}
      </div>
      <Table
        label={`Measured of “${CLOSENESS[place.closeness]}”`}
        head={["model", ...(columns.length > 0 ? columns : ["any number of trajectories"])]}
        rows={markedRows(measured, stops, place)}
      />
      <ul className="note">
        <li>
          ● with a number: that much was measured of a model that learnt from so many trajectories;
          in brackets where the sliders stand. Only these points are known, nothing is drawn between
          them.
        </li>
        <li>
          How close a question is to pre-training is our order, by what is asked; nobody measured
          it. A table does not note what its model learnt from, so it stands at every number of
          trajectories and says so.
        </li>
      </ul>
    </div>
  );
}
