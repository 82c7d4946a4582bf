import { createFolderSink } from "./folder-sink";
import { locatePoints } from "../../core/data/points";
import { runSlices } from "../../core/data/slices";
import { DatasetFiles } from "../../core/job/dataset-files";
import { indexCells } from "../../core/geo/cells";
import { UTC_OFFSET_HOURS } from "../../core/world/calendar";
import type { CommandInput } from "../command";
import { countryText, openGeography, streamResidents, type CountryChoice } from "../country";
import { showing } from "../run";
import { withLocator } from "./locator";
import { reportOptions, type TokenisePlan } from "./plan";
import { createTokeniser } from "./tokeniser-choice";

/**
 * Tokenises the simulated country, some hundred residents at a time: no file stands between. The study area
 * is all its land, whether anybody was there or not.
 */
export async function tokeniseCountry(
  folder: string,
  plan: TokenisePlan,
  choice: CountryChoice,
  input: CommandInput,
) {
  const startedAt = performance.now();
  const { signal } = input;
  const geography = await openGeography(choice, input);
  const cells = indexCells(geography.cells);
  const sink = createFolderSink(folder);
  const isGuess = plan.rules.clock.kind === "guess";
  const clock = isGuess ? { kind: "offset" as const, hours: UTC_OFFSET_HOURS } : plan.rules.clock;
  const files = new DatasetFiles(sink, {
    rules: { ...plan.rules, clock },
    split: plan.split,
    makeTokeniser: (area) => createTokeniser(plan.tokeniser, area, undefined, signal),
    signal,
  });
  let rowsRead = 0;
  const locator = { backend: plan.backend, resolution: geography.cells.resolution };
  await withLocator(locator, input, async (locate) => {
    for await (const points of streamResidents(geography, choice, input)) {
      rowsRead += points.user.length;
      const located = locate
        ? { ...points, cell: await locate(points, cells, signal), cells: cells.build() }
        : runSlices(locatePoints(points, cells));
      await showing(files.add(located, points.users), () => undefined); // the stream reports
    }
  });
  const rows = { rowsRead, rejected: [] };
  const numbers = await showing(files.finish(rows, geography.cells), input.progress);
  const seconds = (performance.now() - startedAt) / 1000;
  const report = {
    name: `${countryText(choice)}, ${choice.residents} residents, seed ${choice.seed}`,
    simulated: true,
    country: choice,
    seed: choice.seed,
    ...reportOptions(plan),
    ...numbers,
    seconds: Math.round(seconds * 100) / 100,
    rowsPerSecond: Math.round(rowsRead / seconds),
  };
  await sink.write("report.json", Buffer.from(`${JSON.stringify(report, null, 2)}\n`));
  return report;
}
