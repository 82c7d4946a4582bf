import { hoursOfWeek } from "../../data/hours";
import type { Reading } from "../../task/experiments/readings";
import { takeSlice, WEEK_SLICES, type Sliced, type WeekSlice } from "../../task/experiments/slices";
import { FootfallError } from "../../errors";
import { openCalendar } from "../open-calendar";
import { openCorpus, writeStretches, type Stretch, type TrainingData } from "../open-corpus";
import { openDataset, placesOf, type Dataset } from "../open-dataset";
import type { Report, Session } from "../session";
import { perplexitiesOn } from "./cross";
import { SHORT, timeShort, trainShort } from "./train";
import {
  describeEngine,
  seedsFrom,
  type ExperimentChoice,
  type ExperimentWork,
  type Unit,
} from "./work";

/** Check-ins that a trajectory must keep. */
const LEAST_CHECK_INS = 5;
const [TRAIN, VALIDATION, TEST] = [0, 1, 2];
/** Steps of training that asking about the four parts is worth, for each question. */
const STEPS_PER_QUESTION = 0.1;

interface OpenSlice {
  readonly name: WeekSlice;
  readonly sliced: Sliced;
  readonly data: TrainingData;
  /** Numbers of its test trajectories. */
  readonly test: readonly number[];
}

async function* openSlice(
  name: WeekSlice,
  dataset: Dataset,
  hours: Uint8Array,
  whole: TrainingData,
  signal: AbortSignal,
): AsyncGenerator<Report, OpenSlice, void> {
  const sliced = takeSlice(placesOf(dataset), hours, name, LEAST_CHECK_INS);
  const { offsets, of, cell } = sliced;
  const rowsOf = (part: number): number[] =>
    [...of.keys()].filter((row) => dataset.parts[of[row]!] === part);
  const stretches = (part: number): Stretch[] =>
    rowsOf(part).map((row) => [offsets[row]!, offsets[row + 1]!]);
  const train = yield* writeStretches({ cell }, stretches(TRAIN), whole, signal);
  const validation = yield* writeStretches({ cell }, stretches(VALIDATION), whole, signal);
  const test = rowsOf(TEST);
  if (test.length === 0) {
    const words = `no test trajectory has ${LEAST_CHECK_INS} check-ins of ${name}`;
    throw new FootfallError("no-data", `${words}; import more people or a longer time`);
  }
  return { name, sliced, data: { ...whole, train, validation }, test };
}

async function* measureSlice(
  learnt: OpenSlice,
  all: readonly OpenSlice[],
  { settings: { count, steps }, seed: firstSeed }: ExperimentChoice,
  { seed, phase }: { seed: number; phase: string },
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, Reading[], void> {
  const masks = { maskRate: SHORT.maskRate, seed: firstSeed };
  const options = { config: { ...SHORT, seed }, steps, data: learnt.data, masks, phase };
  const model = yield* trainShort(options, session, signal);
  const readings: Reading[] = [];
  for (const { name, sliced, data, test } of all) {
    // the same questions for every model and seed: only the training differs
    const asked = {
      sequences: sliced,
      trajectories: test,
      pieces: data.pieces,
      count,
      seed: firstSeed,
    };
    const { perCell: value } = yield* perplexitiesOn(model, asked, signal);
    readings.push({
      series: `learnt ${learnt.name}`,
      at: name,
      measure: "perplexity",
      seed,
      value,
    });
  }
  return readings;
}

/** PT-23: four models of four parts of the week, each asked about all four. */
export async function* openTimeSlices(
  choice: ExperimentChoice,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, ExperimentWork, void> {
  const dataset = yield* openDataset(choice.dataset, session, signal);
  const whole = yield* openCorpus(dataset, session, signal);
  const { clock, words } = await openCalendar(dataset);
  const hours = hoursOfWeek(dataset.trajectories.checkIns, clock);
  const slices: OpenSlice[] = [];
  for (const name of WEEK_SLICES) {
    slices.push(yield* openSlice(name, dataset, hours, whole, signal));
  }
  const { seeds, steps, count } = choice.settings;
  const units = seedsFrom(choice.seed, seeds).flatMap((seed) =>
    slices.map((slice): Unit => {
      const phase = `pre-train on ${slice.name}, seed ${seed}`;
      const weight = steps + STEPS_PER_QUESTION * count * slices.length;
      return {
        key: `${slice.name} ${seed}`,
        words: phase,
        weight,
        run: (own) => measureSlice(slice, slices, choice, { seed, phase }, session, own),
      };
    }),
  );
  const counts = slices.map(
    ({ name, sliced }) => `${name}: ${sliced.cell.length.toLocaleString("en-GB")}`,
  );
  return {
    units,
    facts: [
      `Check-ins in trajectories that keep ${LEAST_CHECK_INS} of them: ${counts.join("; ")}. Days go from 7 to 19 o'clock; weekends are Saturday and Sunday (the data: ${words}).`,
    ],
    data: { key: dataset.key, name: dataset.name },
    model: undefined,
    engine: await describeEngine(session),
    time: (own) => timeShort(slices[0]!.data, SHORT, own),
  };
}
