import { cellCentres, haversineKm, takeCells, type CellTable } from "../../core/geo/cells";
import type { AdaptAnswers, AdaptMapResult } from "../../core/job/adapt";
import type { TaskFacts } from "../../core/task/tasks/types";
import { cutThirds, thirdsOfSteps, type Thirds } from "../map/bivariate";

/** One number a place for each map, as far as they are shown. */
export interface Shown {
  readonly truth: Float32Array; // [N]
  readonly twin: Float32Array; // [N]
  readonly own: Float32Array; // [N]
  /** How likely the row held its answers to be; absent where it does not say. */
  readonly confidence?: Float32Array; // [N]
  /** The same of the twin. */
  readonly twinConfidence?: Float32Array; // [N]
  readonly titles: readonly [twin: string, own: string];
  /** True where the numbers are kilometres from the truth, which itself is 0 everywhere. */
  readonly isError?: boolean;
  /** The cells themselves, where cells are asked for: the numbers are how far off they are. */
  readonly cells?: Readonly<Record<"truth" | "twin" | "own", CellTable>>;
  /**
   * Thirds of the truth (of the twin's kilometres; of classes without an order, of the row's confidence) over all
   * places, also where only some are shown.
   */
  readonly thirds: Thirds;
}

/** The values of one of the numbers that a task asks for; of the location in degrees, not relative ones. */
function pickColumn({ width, centre }: AdaptMapResult, values: Float32Array, d: number) {
  const from = centre?.[d as 0 | 1] ?? 0;
  return Float32Array.from(
    { length: values.length / width },
    (_, n) => from + values[n * width + d]!,
  );
}

/** The result without places whose cell fewer than k people visited (PV-02), and how many those are. */
export function withoutRarePlaces(
  result: AdaptMapResult,
  k: number,
): { result: AdaptMapResult; hidden: number } {
  const { people, cells, width, truth, part, answers, trajectories, reasons, wanted, beside } =
    result;
  if (people === undefined) return { result, hidden: 0 };
  const kept = Uint32Array.from(people.keys()).filter((n) => people[n]! >= k);
  const hidden = people.length - kept.length;
  const pick = (values: Float32Array): Float32Array =>
    Float32Array.from({ length: kept.length * width }, (_, i) => {
      return values[kept[Math.floor(i / width)]! * width + (i % width)]!;
    });
  const pickCells = (all: CellTable): CellTable => takeCells(all, kept);
  return {
    result: {
      ...result,
      cells: pickCells(cells),
      truth: pick(truth),
      part: Uint8Array.from(kept, (n) => part[n]!),
      ...(wanted && { wanted: pickCells(wanted) }),
      ...(beside && { beside: beside.map((one) => ({ ...one, values: pick(one.values) })) }),
      answers: answers.map(({ confidence, guessed, ...answer }) => ({
        ...answer,
        values: pick(answer.values),
        ...(guessed && { guessed: pickCells(guessed) }),
        ...(confidence && { confidence: pick(confidence) }),
      })),
      people: Uint32Array.from(kept, (n) => people[n]!),
      ...(trajectories && { trajectories: Uint32Array.from(kept, (n) => trajectories[n]!) }),
      ...(reasons && { reasons: Array.from(kept, (n) => reasons[n]!) }),
    },
    hidden,
  };
}

/** True where classes are steps of a quantity, such as deciles: they are coloured as one. */
export const isOrdered = ({ metrics }: TaskFacts): boolean => metrics.includes("deciles");

/** True where the maps are of classes without an order. */
export const isClasses = (task: TaskFacts): boolean =>
  task.answer === "classes" && !isOrdered(task);

/** Truth, twin and own row of a result, of the number `d`. */
export function toShown(result: AdaptMapResult, own: string, d: number): Shown {
  if (d === DISTANCE) return toErrors(result, own);
  if (result.wanted !== undefined) return toDetours(result, result.wanted, own);
  const answerOf = (name: string) => result.answers.find(({ row }) => row === name)!;
  const [first, second] = [answerOf("random"), answerOf(own)];
  const pick = (values: Float32Array): Float32Array => pickColumn(result, values, d);
  const truth = pick(result.truth);
  const { task, names } = result;
  const measured = isClasses(task) ? (second.confidence ?? []) : truth;
  return {
    truth,
    thirds: isOrdered(task) ? thirdsOfSteps(names.length) : cutThirds(measured),
    twin: pick(first.values),
    own: pick(second.values),
    ...(second.confidence && { confidence: second.confidence }),
    ...(first.confidence && { twinConfidence: first.confidence }),
    titles: [first.title, second.title],
  };
}

/** The "number" of a location beside latitude and longitude: how far a guess is from the truth. */
export const DISTANCE = 2;

/** How far both rows are from the true places, km, at their true latitude (paper 1, Figure 3). */
function toErrors(result: AdaptMapResult, own: string): Shown {
  const [lat, lng] = [toShown(result, own, 0), toShown(result, own, 1)];
  const kmOf = (row: "twin" | "own"): Float32Array =>
    lat.truth.map((at, n) => haversineKm(at, lng.truth[n]!, lat[row][n]!, lng[row][n]!));
  const truth = lat.truth.map((at) => (Number.isNaN(at) ? NaN : 0));
  const twin = kmOf("twin");
  const thirds = cutThirds(twin);
  return { truth, twin, own: kmOf("own"), titles: lat.titles, isError: true, thirds };
}

/** How far the cells that both rows guess are from the true ones, km; NaN where none was guessed (TT-03). */
function toDetours(result: AdaptMapResult, wanted: CellTable, own: string): Shown {
  const answerOf = (name: string) => result.answers.find(({ row }) => row === name)!;
  const [first, second] = [answerOf("random"), answerOf(own)];
  const is = cellCentres(wanted);
  const kmOf = ({ guessed, values }: AdaptAnswers): Float32Array => {
    const said = cellCentres(guessed!);
    return values.map((cell, n) =>
      Number.isNaN(cell) ? NaN : haversineKm(is.lat[n]!, is.lng[n]!, said.lat[n]!, said.lng[n]!),
    );
  };
  const twin = kmOf(first);
  return {
    truth: new Float32Array(twin.length),
    twin,
    own: kmOf(second),
    titles: [first.title, second.title],
    isError: true,
    cells: { truth: wanted, twin: first.guessed!, own: second.guessed! },
    thirds: cutThirds(twin),
  };
}

/** The unit of what is shown. */
export const unitOf = ({ task }: AdaptMapResult, { isError }: Shown): string =>
  isError === true ? "km" : task.unit;

/** The same with only some places left; all where nothing is chosen. */
export function onlyThose(shown: Shown, isWanted: ((n: number) => boolean) | undefined): Shown {
  if (isWanted === undefined) return shown;
  const cut = (values: Float32Array): Float32Array =>
    values.map((value, n) => (isWanted(n) ? value : NaN));
  return { ...shown, truth: cut(shown.truth), twin: cut(shown.twin), own: cut(shown.own) };
}
