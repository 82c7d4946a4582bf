import { useMemo, useState, type JSX } from "react";
import { cellCentres, type CellTable } from "../../core/geo/cells";
import type { AdaptMapResult } from "../../core/job/adapt";
import type { RowName } from "../../core/task/table/rows";
import type { TaskFacts } from "../../core/task/tasks/types";
import { formatShare, signed } from "../map/format";
import { MapFigure } from "../map/MapFigure";
import { OneMonth } from "../OneMonth";
import { usePage } from "../page-context";
import { Button } from "../ui/Button";
import { CheckBox } from "../ui/CheckBox";
import { ClassLegend } from "../ui/ClassLegend";
import { KField } from "../ui/KField";
import { Legend } from "../ui/Legend";
import { Select } from "../ui/Select";
import { SquareLegend } from "../ui/SquareLegend";
import { asSentence, formatCounted } from "../words";
import type { LngLat } from "../map/shapes";
import { usePeopleK } from "../people";
import { calibrationOf, confusionOf, residualBars } from "./answer-errors";
import { answerFigure, type AnswerFigure } from "./answer-maps";
import {
  isClasses,
  onlyThose,
  toShown,
  unitOf,
  withoutRarePlaces,
  type Shown,
} from "./shown-answers";
import { Calibration } from "./Calibration";
import { ConfusionMatrix, type Confusion } from "./ConfusionMatrix";
import { placeDots } from "./place-dots";
import { PlaceDetails } from "./PlaceDetails";
import { Residuals } from "./Residuals";

interface AnswerMapsProps {
  result: AdaptMapResult;
  /** The row beside the random twin. */
  row: RowName;
  /** True where the first trajectory is drawn at once. */
  drawsFirst: boolean;
}

/** Middles of cells. */
function placesOf(cells: CellTable): LngLat[] {
  const { lat, lng } = cellCentres(cells);
  return Array.from(lat, (at, n) => [lng[n]!, at]);
}

/** No other truth is chosen. */
const NONE = "none";

/** Which places are shown alone. */
type Filter =
  | { kind: "confusion"; confusion: Confusion }
  | { kind: "residual"; bar: number }
  | { kind: "calibration"; bin: number }
  | undefined;

/** What stands together in one map each. */
function pairWords(task: TaskFacts, { isError }: Shown): string {
  if (isClasses(task)) return "Right or wrong, and confidence,";
  return isError ? "Both models" : "Truth and inference";
}

interface LegendsProps {
  figure: AnswerFigure;
  unit: string;
  isError: boolean;
}

function Legends({ figure, unit, isError }: LegendsProps): JSX.Element {
  const { scales, entries = [], otherCount, pairs, format, formatGap } = figure;
  const squares = pairs.length > 0 && (
    <div className="square-legends">
      {pairs.map((pair) => (
        <SquareLegend key={pair.panel.id} {...pair} />
      ))}
    </div>
  );
  if (scales === undefined) {
    return (
      <>
        <ClassLegend title="" agreement="Right and wrong" {...{ entries, otherCount }} />
        {squares}
      </>
    );
  }
  const said = unit === "" ? "" : `: ${unit}`;
  return (
    <>
      <Legend
        scale={scales[0]}
        title={`${isError ? "From the truth, both models" : "Truth and both models"}${said}`}
        format={format}
      />
      <Legend scale={scales[1]} title={`Difference${said}`} format={formatGap} />
      {squares}
    </>
  );
}

/** Maps of a row; of real people without places that few of them visited (PV-02). */
export function AnswerMaps({ result: whole, row, drawsFirst }: AnswerMapsProps): JSX.Element {
  const [k, setK] = usePeopleK();
  const { result, hidden } = useMemo(() => withoutRarePlaces(whole, k), [whole, k]);
  const hiddenText = `${formatCounted(hidden, "place")} of these maps hidden; the scores are of all`;
  return (
    <>
      <ShownMaps key={k} {...{ result, row, drawsFirst }} />
      {whole.people && <KField k={k} onChange={setK} hidden={hidden} hiddenText={hiddenText} />}
    </>
  );
}

/** All on one scale and one view, with what was confused or missed linked to the maps. */
function ShownMaps({ result, row, drawsFirst }: AnswerMapsProps): JSX.Element {
  const { basemap } = usePage();
  const { task, cells, names, place, width, answers } = result;
  const [column, setColumn] = useState(0);
  const [filter, setFilter] = useState<Filter>();
  const [isPaired, setPaired] = useState(false);
  const [beside, setBeside] = useState(NONE);
  const hasFirst = drawsFirst && (result.trajectories?.length ?? 0) > 0;
  const [chosen, setChosen] = useState<number | undefined>(hasFirst ? 0 : undefined);
  const all = useMemo(() => toShown(result, row, column), [result, row, column]);
  const bars = useMemo(() => residualBars(all), [all]);
  const calibration = useMemo(() => calibrationOf(task, all), [task, all]);
  const shown = useMemo(() => {
    if (filter?.kind === "confusion") {
      const { truth, guess } = filter.confusion;
      return onlyThose(all, (n) => all.truth[n] === truth && all.own[n] === guess);
    }
    if (filter === undefined) return all;
    const chosen = filter.kind === "residual" ? bars[filter.bar] : calibration.bins[filter.bin];
    const places = new Set(chosen?.places);
    return onlyThose(all, (n) => places.has(n));
  }, [all, bars, calibration, filter]);
  const figure = useMemo(
    () => answerFigure(result, shown, { isPaired, beside: result.beside?.[Number(beside)] }),
    [result, shown, isPaired, beside],
  );
  const places = useMemo(() => placesOf(cells), [cells]);
  const shapes = useMemo(() => placeDots(figure.panels, places), [figure, places]);
  const { title } = answers.find((one) => one.row === row)!;
  const details = (
    <PlaceDetails {...{ result, figure, shown: all, chosen, row }} onChoose={setChosen} />
  );
  const isMatrix = task.answer === "classes";
  const count = formatCounted(result.cells.hi.length, "place");
  const about =
    result.extent === "test"
      ? `of the ${count} of the test part, as the table’s scores are`
      : `of the ${count} of these maps, not of the test examples as the table’s scores are`;
  const left = shown.truth.reduce((sum, value) => sum + Number(!Number.isNaN(value)), 0);
  return (
    <div className="answer-maps" data-maps={row} data-shown={left}>
      {width > 1 && (
        <Select
          label="Coordinate"
          value={String(column)}
          options={[...names, "distance from the truth"].map((text, d) => {
            return { value: String(d), text };
          })}
          onChange={(d) => {
            setColumn(Number(d));
            setFilter(undefined);
          }}
        />
      )}
      {(!isClasses(task) || all.confidence) && (
        <div className="settings-head">
          <CheckBox isChecked={isPaired} onChange={setPaired}>
            {pairWords(task, all)} in one map
          </CheckBox>
          {result.beside && (
            <Select
              label="Truth beside"
              value={beside}
              options={[
                { value: NONE, text: "none" },
                ...result.beside.map(({ title }, n) => ({ value: String(n), text: title })),
              ]}
              onChange={setBeside}
            />
          )}
        </div>
      )}
      <MapFigure
        name="answers"
        label={`${task.title}: truth, random twin, ${title}, difference`}
        panels={figure.panels}
        cells={cells}
        shapes={shapes}
        basemap={basemap}
        twin={figure.twin}
        heightPx={300}
        onCell={setChosen}
        legend={
          <Legends {...{ figure, unit: unitOf(result, all), isError: all.isError === true }} />
        }
        caption={`${asSentence(place)} Click a ${result.trajectories ? "dot" : "cell"} for its values.`}
      />
      {filter !== undefined && (
        <p className="finding" role="status">
          {formatCounted(left, "place")} shown alone.{" "}
          <Button kind="quiet" onClick={() => setFilter(undefined)}>
            Show all
          </Button>
        </p>
      )}
      {result.trajectories === undefined ? details : <OneMonth>{details}</OneMonth>}
      {task.answer === "numbers" && (
        <Residuals
          bars={bars}
          unit={unitOf(result, all)}
          what={all.isError ? "Distance" : "Difference"}
          format={all.isError ? figure.format : signed(figure.formatGap)}
          chosen={filter?.kind === "residual" ? filter.bar : undefined}
          onChoose={(bar) => setFilter(bar === undefined ? undefined : { kind: "residual", bar })}
        />
      )}
      {isMatrix && (
        <ConfusionMatrix
          counts={confusionOf(all, names.length)}
          names={names}
          title={title}
          about={about}
          chosen={filter?.kind === "confusion" ? filter.confusion : undefined}
          onChoose={(one) => setFilter(one && { kind: "confusion", confusion: one })}
        />
      )}
      <Calibration
        bins={calibration.bins}
        error={calibration.error}
        title={title}
        about={about}
        format={isMatrix ? formatShare : figure.format}
        chosen={filter?.kind === "calibration" ? filter.bin : undefined}
        onChoose={(bin) => setFilter(bin === undefined ? undefined : { kind: "calibration", bin })}
      />
    </div>
  );
}
