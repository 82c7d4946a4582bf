import { useMemo, type JSX } from "react";
import type { ForecastResult } from "../../core/job/forecast";
import { spokenTo } from "../../core/papers/verdict";
import type { ForecastSpec } from "../../notebook/steps/forecast";
import { LazyLossChart } from "../chart/LazyCharts";
import { MapFigure } from "../map/MapFigure";
import { OneMonth } from "../OneMonth";
import { usePage } from "../page-context";
import { ClaimVerdicts } from "../papers/ClaimVerdicts";
import { saveFile } from "../save-file";
import { measureRows } from "../steps/measure-column";
import type { FigureProps } from "../steps/step-view";
import { useTheme } from "../style/theme";
import { Button } from "../ui/Button";
import { Key } from "../ui/Key";
import { Table } from "../ui/Table";
import { asSentence, formatCount, formatCounted, formatPercent } from "../words";
import { FORECAST_KEY, forecastFigure, GUESSER_COLORS } from "./forecast-map";
import { errorColumns, GUESSER_NAMES, testFinding, windowFinding } from "./words";
import "./forecast.css";

/** One window on the map. */
function ForecastMap({ result }: { result: ForecastResult }): JSX.Element {
  const { basemap } = usePage();
  const theme = useTheme();
  const figure = useMemo(() => forecastFigure(result, theme), [result, theme]);
  return (
    <>
      <p className="finding">{windowFinding(result)}</p>
      <MapFigure
        name="forecast"
        label={`How test trajectory ${formatCount(result.trajectory + 1)} goes on`}
        panels={figure.panels}
        shapes={figure.shapes}
        basemap={basemap}
        bounds={figure.bounds}
        twin={figure.twin}
        heightPx={380}
        legend={<Key items={FORECAST_KEY} />}
      />
    </>
  );
}

/** Errors over the test windows, of the model and of what needs none (PT-12). */
function Errors({ result }: { result: ForecastResult }): JSX.Element {
  const { scores, truth, model } = result;
  const columns = errorColumns(truth.length);
  const measured = measureRows(scores.rows, columns);
  const curves = useMemo(
    () =>
      scores.rows.map(({ guesser, ahead }) => ({
        name: GUESSER_NAMES[guesser],
        x: ahead.map((_, n) => (n + 1) * model.intervalMin),
        y: ahead.map(({ meanKm }) => meanKm),
        color: GUESSER_COLORS[guesser],
      })),
    [scores, model],
  );
  return (
    <div data-table="forecast">
      <Table
        label="Errors over the test windows"
        head={["guess by", ...columns.map(({ title }) => title)]}
        rows={scores.rows.map(({ guesser }, i) => [GUESSER_NAMES[guesser], ...measured[i]!])}
        numeric={columns.map((_, i) => i + 1)}
        hasRowNames
      />
      <p className="note">
        {formatCounted(scores.windows, "test window")}, {formatCounted(scores.points, "next point")}
        ; {formatPercent(scores.moves / scores.points)} of these are another place than the point
        before. Best of each column in bold.
      </p>
      {truth.length > 1 && (
        <LazyLossChart
          name="forecast-errors"
          curves={curves}
          xLabel="minutes ahead"
          yLabel="km off, mean"
          heightPx={220}
        />
      )}
    </div>
  );
}

/** What the errors say of paper 3's claim, and the file by which the verdict on all claims judges it. */
function ForVerdict({ result: { results } }: { result: ForecastResult }): JSX.Element {
  const verdicts = useMemo(() => spokenTo(results), [results]);
  const save = (): void => {
    const text = `${JSON.stringify(results, null, 2)}\n`;
    saveFile("footfall-forecast.results.json", new Blob([text], { type: "application/json" }));
  };
  return (
    <>
      <ClaimVerdicts verdicts={verdicts} part="forecast-verdicts" />
      <div className="set-tools">
        <Button onClick={save}>Results for the verdict (JSON)</Button>
      </div>
    </>
  );
}

/** How a GPT on points goes on, beside truth and rules, and how far all of them are off. */
export default function ForecastFigure({
  outcome,
}: FigureProps<ForecastSpec, ForecastResult>): JSX.Element {
  const { model, warning } = outcome;
  const [south, west, north, east] = model.box;
  return (
    <div className="forecast-figure">
      <p className="finding" role="status">
        {testFinding(outcome)}
      </p>
      <OneMonth>
        <ForecastMap result={outcome} />
      </OneMonth>
      <Errors result={outcome} />
      <ForVerdict result={outcome} />
      {warning !== undefined && <p role="alert">{asSentence(warning)}</p>}
      <p className="note" data-fact="model">
        {asSentence(
          `${model.name}: ${model.layers} × ${model.width}, ${formatCounted(model.parameters, "parameter")}; box ${south}, ${west} to ${north}, ${east}`,
        )}
      </p>
    </div>
  );
}
