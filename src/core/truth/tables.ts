import { parseNumberText } from "../data/read/fields";
import { findCandidates } from "../data/read/columns";
import { FootfallError } from "../errors";
import { cellCentres, type CellTable } from "../geo/cells";
import { inPhase, type Progress } from "../pace";
import { createLevels, findPlace, hashToPlace, placeToHash, toHash, type Level } from "./cell-keys";
import { describeExtent } from "./extent";
import { fieldText, findColumns, type Field, type TableFile } from "./table-file";

/** How several rows of one cell become one value. */
export type Aggregation = "mean" | "sum" | "majority";

/** What says where a row lies. */
export type TableKey =
  | { readonly kind: "cell"; readonly column: string }
  | { readonly kind: "place"; readonly lat: string; readonly lng: string };

export interface TableJoinOptions {
  /** The column with the values. */
  readonly column: string;
  readonly key: TableKey;
  readonly aggregation: Aggregation;
}

/** A value per cell from the rows of a table. */
export interface TableJoin {
  /** NaN for none; majority: number of the class. */
  readonly values: Float64Array; // [N]
  /** In alphabetical order; only for the majority. */
  readonly classes: readonly string[];
  readonly rows: number;
  /** Rows that gave a value to a cell. */
  readonly used: number;
  /** Rows whose cell or place is no cell of the data. */
  readonly elsewhere: number;
  /** Rows without a cell or place, or with a value that is missing or no number; the first of them with its line. */
  readonly unusable: number;
  readonly firstUnusable: string | undefined;
  /** Cells with more than one row. */
  readonly shared: number;
  /** Resolutions of the table's own cells, where they are not the data's: what was done with them, in words. */
  readonly notes: readonly string[];
}

const CELL_NAMES = /^(h3|cell|hex|hash)|(_|\b)(h3|cell|hex)(_|\b|index|id)|h3/i;

/** The column that holds cells: most of its first fields are cells; of several the one that is named so. */
function findCellColumn({ names, sample }: TableFile): string | undefined {
  const holds = names.filter((_, at) => {
    const fields = sample.map((row) => row[at]).filter((field) => fieldText(field) !== "");
    const cells = fields.filter((field) => toHash(field) !== undefined).length;
    return fields.length > 0 && cells >= 0.9 * fields.length;
  });
  return holds.find((name) => CELL_NAMES.test(name)) ?? holds[0];
}

/** What of a table says where its rows lie: a column of cells before coordinates. Throws "missing-column". */
export function guessKey(table: TableFile): TableKey {
  const cell = findCellColumn(table);
  if (cell !== undefined) return { kind: "cell", column: cell };
  const rows = table.sample.map((row) => row.map(fieldText));
  const { path, names } = table;
  const { lat, lng } = findCandidates({ path, names, hasHeader: true, rows });
  if (lat[0] && lng[0]) return { kind: "place", lat: lat[0].value, lng: lng[0].value };
  throw new FootfallError(
    "missing-column",
    `${path} has no column of H3 cells and none of latitude and longitude; found: ${names.slice(0, 30).join(", ")}`,
  );
}

/** True where every field that is there is a number. */
export function isNumeric(fields: readonly (Field | undefined)[]): boolean {
  const texts = fields.map(fieldText).filter((text) => text.trim() !== "");
  return texts.length > 0 && texts.every((text) => !Number.isNaN(parseNumberText(text)));
}

/** A level of places with what has gathered there. */
interface Gathered {
  readonly level: Level;
  readonly sum: Float64Array;
  readonly rows: Uint32Array;
  /** Class -> rows, for each place. */
  readonly votes: Map<number, Map<string, number>>;
}

/** The class of most rows; of equal ones the first by alphabet, so that the order of rows does not matter. */
function mostVoted(votes: ReadonlyMap<string, number>): string {
  return [...votes].reduce((a, b) => (b[1] > a[1] || (b[1] === a[1] && b[0] < a[0]) ? b : a))[0];
}

/** Takes the rows of a table to their cells. */
class Gatherer {
  readonly #levelOf: (resolution: number) => Level;
  readonly #gathered = new Map<number, Gathered>();
  readonly #cells: CellTable;
  readonly #options: TableJoinOptions;
  readonly #finer = new Set<number>();
  readonly #lat: number[] = [];
  readonly #lng: number[] = [];
  rows = 0;
  used = 0;
  elsewhere = 0;
  unusable = 0;
  firstUnusable: string | undefined;

  constructor(cells: CellTable, options: TableJoinOptions) {
    this.#cells = cells;
    this.#options = options;
    this.#levelOf = createLevels(cells);
  }

  /** Fields: the value, then the cell, or latitude and longitude. */
  take(fields: readonly Field[], line: number): void {
    this.rows++;
    const hash = this.#toHash(fields);
    if (hash === undefined) return this.#refuse(`line ${line}: no cell or place`);
    const text = fieldText(fields[0]).trim();
    const number = parseNumberText(text);
    const isUsable = this.#options.aggregation === "majority" ? text !== "" : !Number.isNaN(number);
    if (!isUsable) return this.#refuse(`line ${line}: "${text}" in ${this.#options.column}`);
    const { level, place } = findPlace(this.#levelOf, hash);
    if (this.#lat.length < 1000) this.#keepPlace(hash);
    if (place < 0) this.elsewhere++;
    else this.#add(level, place, { text, number });
  }

  #toHash(fields: readonly Field[]): string | undefined {
    if (this.#options.key.kind === "place") {
      const [lat, lng] = [
        parseNumberText(fieldText(fields[1])),
        parseNumberText(fieldText(fields[2])),
      ];
      return placeToHash(lat, lng, this.#cells.resolution);
    }
    const hash = toHash(fields[1]);
    if (hash !== undefined) this.#finer.add(Number.parseInt(hash[1]!, 16));
    return hash;
  }

  #refuse(why: string): void {
    this.unusable++;
    this.firstUnusable ??= why;
  }

  #keepPlace(hash: string): void {
    const [lat, lng] = hashToPlace(hash);
    this.#lat.push(lat);
    this.#lng.push(lng);
  }

  #add(level: Level, place: number, { text, number }: { text: string; number: number }): void {
    this.used++;
    let at = this.#gathered.get(level.resolution);
    if (!at) {
      const { count } = level;
      at = { level, sum: new Float64Array(count), rows: new Uint32Array(count), votes: new Map() };
      this.#gathered.set(level.resolution, at);
    }
    at.rows[place]!++;
    if (this.#options.aggregation !== "majority") at.sum[place]! += number;
    else {
      const votes = at.votes.get(place) ?? new Map<string, number>();
      at.votes.set(place, votes.set(text, (votes.get(text) ?? 0) + 1));
    }
  }

  /** What the table's places and the cells have in common is nothing. */
  refuseApart(path: string): FootfallError {
    if (this.elsewhere > 0)
      return new FootfallError(
        "no-data",
        `${path} lies at ${describeExtent({ lat: this.#lat, lng: this.#lng })}, but the cells lie at ${describeExtent(cellCentres(this.#cells))}: no row lies in one of them`,
      );
    const why = this.firstUnusable === undefined ? "" : `; first, ${this.firstUnusable}`;
    return new FootfallError("no-data", `${path}: none of ${this.rows} rows can be used${why}`);
  }

  /** Finest level first: a cell's own rows go before those of its ancestors. */
  build(path: string): TableJoin {
    const levels = [...this.#gathered.values()].sort(
      (a, b) => b.level.resolution - a.level.resolution,
    );
    const coarser = levels.filter(({ level }) => level.placeOf !== undefined);
    if (coarser.length > 0 && this.#options.aggregation === "sum")
      throw new FootfallError(
        "bad-input",
        `${path} has cells of resolution ${coarser[0]!.level.resolution}, the data of ${this.#cells.resolution}: a sum cannot be passed on to smaller cells; ask for the mean`,
      );
    const names = new Set(levels.flatMap(({ votes }) => [...votes.values()].map(mostVoted)));
    const classes = [...names].sort();
    const numbers = new Map(classes.map((name, k) => [name, k]));
    const values = new Float64Array(this.#cells.hi.length).fill(NaN);
    let shared = 0;
    for (const at of levels) shared += this.#spread(at, numbers, values);
    const { rows, used, elsewhere, unusable, firstUnusable } = this;
    return {
      values,
      classes,
      rows,
      used,
      elsewhere,
      unusable,
      firstUnusable,
      shared,
      notes: this.#notes(),
    };
  }

  /** Writes the values of one level to the cells that have none yet; gives the number of cells with several rows. */
  #spread(
    { level, sum, rows, votes }: Gathered,
    numbers: ReadonlyMap<string, number>,
    values: Float64Array,
  ): number {
    const { aggregation } = this.#options;
    let shared = 0;
    for (let n = 0; n < values.length; n++) {
      const place = level.placeOf?.[n] ?? n;
      if (!Number.isNaN(values[n]) || rows[place] === 0) continue;
      if (rows[place]! > 1) shared++;
      if (aggregation === "majority") values[n] = numbers.get(mostVoted(votes.get(place)!))!;
      else values[n] = aggregation === "sum" ? sum[place]! : sum[place]! / rows[place]!;
    }
    return shared;
  }

  #notes(): string[] {
    const own = this.#cells.resolution;
    return [...this.#finer]
      .filter((resolution) => resolution !== own)
      .sort((a, b) => a - b)
      .map((resolution) =>
        resolution > own
          ? `cells of resolution ${resolution} were gathered in their ancestors of resolution ${own} (${this.#options.aggregation})`
          : `cells of resolution ${resolution} passed their value on to all their descendants of resolution ${own}`,
      );
  }
}

/**
 * One value per cell from a table's rows: numbers by mean or sum, classes by majority. Rows of finer cells gather
 * in their ancestors, coarser ones pass their value on. Throws "missing-column", "no-data" saying where both lie,
 * "bad-input", "bad-file", "stopped".
 */
export async function* joinTable(
  table: TableFile,
  cells: CellTable,
  options: TableJoinOptions,
  signal?: AbortSignal,
): AsyncGenerator<Progress, TableJoin, void> {
  const { key, column } = options;
  const wanted = key.kind === "cell" ? [column, key.column] : [column, key.lat, key.lng];
  findColumns(table, wanted);
  const gatherer = new Gatherer(cells, options);
  const read = table.read(wanted, (fields, line) => gatherer.take(fields, line), signal);
  yield* inPhase(`read ${table.path}`, read);
  if (gatherer.used === 0) throw gatherer.refuseApart(table.path);
  return gatherer.build(table.path);
}
