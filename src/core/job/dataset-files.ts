import { LongColumn } from "../data/growing";
import type { CheckIns } from "../data/check-ins";
import { findLosses, ledgerSteps, mergeLedger, createLedger, type Ledger } from "../data/ledger";
import { hoursOfWeek } from "../data/hours";
import { clockText } from "../data/local-clock";
import { PeriodFinder, type Period } from "../data/period";
import type { LocatedPoints } from "../data/points";
import {
  buildTrajectories,
  type BuiltTrajectories,
  type Decided,
  type TrajectoryRules,
} from "../data/rules";
import { splitTrajectories, type SplitOptions } from "../data/splits";
import { checkInColumns, trajectoryColumns } from "../data/columnar/tables";
import { cellsOfTrajectory } from "../data/trajectories";
import { FootfallError } from "../errors";
import type { CellTable } from "../geo/cells";
import { createPace, type Progress } from "../pace";
import type { ExtraTokens } from "../token/extras";
import { numberPeople } from "../token/people";
import { ShardWriter, type ShardReport } from "../token/shards";
import { UNK, type Tokeniser } from "../token/tokeniser";
import { TableFile, type TableWriter } from "./table-file";

/** Where the files of a data set go. */
export interface DatasetSink {
  /** Keeps a whole file; `path` is relative to the data set's folder. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** Where a table goes that comes in pieces; without it tables are made in memory and written whole. */
  openTable?(path: string): TableWriter | Promise<TableWriter>;
}

/** Makes the tokeniser when all cells are known; `visits` are those of the training part, a cell. */
export type MakeTokeniser = (
  cells: CellTable,
  visits: Uint32Array,
) => AsyncGenerator<Progress, Tokeniser, void>;

export interface DatasetFilesOptions {
  rules: TrajectoryRules;
  split: Required<SplitOptions>;
  makeTokeniser: MakeTokeniser;
  signal?: AbortSignal | undefined;
}

/** What the files of a data set hold, in numbers; part of report.json. */
export interface DatasetNumbers {
  users: number;
  points: number;
  cells: number;
  trajectories: number;
  /** Days of the check-ins of all trajectories. */
  period?: Period | undefined;
  /** The local clock in words. */
  clock: string;
  /** Hours that it is ahead of UTC, where that is one number. */
  utcOffsetHours: number | undefined;
  /** Resampled positions that no point stands behind, and their share; absent for other stays. */
  filled?: { positions: number; share: number };
  ledger: Ledger & {
    steps: ReturnType<typeof ledgerSteps>;
    losses: ReturnType<typeof findLosses>;
  };
  tokens: {
    splits: ShardReport;
    unknownCells: number;
    tokensPerCell: number;
    vocabularySize: number;
    tokeniser: Tokeniser["rule"];
    /** Tokens behind the pieces, where there are any; the numbers above do not count them. */
    extras?: ExtraTokens;
  };
}

/** The rows before any rule: what the readers counted. */
export type RowCounts = Pick<Ledger, "rowsRead" | "rejected">;

const CHECK_INS = "check-ins.parquet";
const TRAJECTORIES = "trajectories.parquet";
const ROWS_PER_PIECE = 50_000;

/** Check-ins `from` to `to - 1`, as views. */
function sliceCheckIns(checkIns: CheckIns, from: number, to: number): CheckIns {
  const { users, cells, user, cell, startMs, endMs, points, offsetMin } = checkIns;
  return {
    users,
    cells,
    user: user.subarray(from, to),
    cell: cell.subarray(from, to),
    startMs: startMs.subarray(from, to),
    endMs: endMs.subarray(from, to),
    points: points.subarray(from, to),
    offsetMin: offsetMin?.subarray(from, to),
  };
}

/**
 * Writes check-ins.parquet, trajectories.parquet, tokenizer.json and tokens/ (docs/data.md): `add` takes
 * batches of whole users, `finish` makes the tokens. Four bytes a check-in are kept between the two. The
 * command line and the page write their data sets with this.
 */
export class DatasetFiles {
  readonly #sink: DatasetSink;
  readonly #options: DatasetFilesOptions;
  readonly #memory = new Map<string, TableWriter>();
  #checkIns: TableFile | undefined;
  #trajectories: TableFile | undefined;
  readonly #cell = new LongColumn(Uint32Array);
  readonly #hours = new LongColumn(Uint8Array);
  readonly #offsets = new LongColumn(Uint32Array);
  readonly #parts = new LongColumn(Uint8Array);
  readonly #person = new LongColumn(Uint32Array);
  /** People of the batches before. */
  #people = 0;
  readonly #ledger = createLedger();
  /** What the first batch decided for all, and the cells so far. */
  #decided: (Decided & { cells: CellTable }) | undefined;
  #users = 0;
  #points = 0;
  readonly #period = new PeriodFinder();
  #filled = 0;
  #allCheckIns = 0;

  constructor(sink: DatasetSink, options: DatasetFilesOptions) {
    this.#sink = sink;
    this.#options = options;
    this.#offsets.push(0);
  }

  /**
   * Adds points of users that no other batch holds; all batches number their cells alike. `names` stand for
   * the users in the tables. Throws what `buildTrajectories` throws.
   */
  async *add(
    points: LocatedPoints,
    names: readonly string[],
  ): AsyncGenerator<Progress, void, void> {
    const { rules, split, signal } = this.#options;
    const built = yield* buildTrajectories(points, rules, { signal, decided: this.#decided });
    this.count(points);
    yield* this.write(built, splitTrajectories(built.trajectories, split), names);
  }

  /** Counts points and people for the report; what becomes of them comes by `write`. */
  count({ user, users }: LocatedPoints): void {
    this.#points += user.length;
    this.#users += users.length;
  }

  /** Writes what the rules made of a batch, with the part of each trajectory. */
  async *write(
    built: BuiltTrajectories,
    parts: Uint8Array,
    names: readonly string[],
  ): AsyncGenerator<Progress, void, void> {
    const { clock, firstDay, checkIns, trajectories } = built;
    this.#decided = { clock, firstDay, cells: checkIns.cells };
    this.#filled += built.filled;
    this.#period.add(trajectories.checkIns.startMs);
    mergeLedger(this.#ledger, built.ledger);
    const hours = hoursOfWeek(trajectories.checkIns, clock);
    for (let k = 0; k < parts.length; k++) {
      const [from, to] = [trajectories.offsets[k]!, trajectories.offsets[k + 1]!];
      this.#cell.pushAll(cellsOfTrajectory(trajectories, k));
      this.#hours.pushAll(hours.subarray(from, to));
      this.#offsets.push(this.#cell.length);
      this.#parts.push(parts[k]!);
      this.#person.push(this.#people + trajectories.user[k]!);
    }
    this.#people += checkIns.users.length;
    yield* this.#writeTables(built, parts, names);
    this.#allCheckIns += checkIns.user.length;
  }

  /** Closes the tables and writes the tokens. Throws "no-data" where the rules left no trajectory. */
  async *finish(
    { rowsRead, rejected }: RowCounts,
    area?: CellTable,
  ): AsyncGenerator<Progress, DatasetNumbers, void> {
    const decided = this.#decided;
    if (decided === undefined || this.#parts.length === 0) throw this.#nothingLeft();
    await this.#finishTable(CHECK_INS, this.#checkIns);
    await this.#finishTable(TRAJECTORIES, this.#trajectories);
    const { cells, clock } = decided;
    const tokens = yield* this.#writeTokens(cells, area ?? cells);
    const ledger = { ...this.#ledger, rowsRead, rejected };
    return {
      users: this.#users,
      points: this.#points,
      cells: (area ?? cells).hi.length,
      trajectories: this.#parts.length,
      period: this.#period.find(),
      clock: clockText(clock),
      utcOffsetHours: clock.kind === "zone" ? undefined : clock.hours,
      ...this.#describeFilled(),
      ledger: { ...ledger, steps: ledgerSteps(ledger), losses: findLosses(ledger) },
      tokens,
    };
  }

  #describeFilled(): Pick<DatasetNumbers, "filled"> {
    if (this.#options.rules.stays.kind !== "resample") return {};
    const share = this.#filled / Math.max(1, this.#allCheckIns);
    return { filled: { positions: this.#filled, share } };
  }

  #nothingLeft(): FootfallError {
    const rule = this.#ledger.rules.findLast(({ trajectories }) => trajectories === 0)?.rule;
    return new FootfallError(
      "no-data",
      `no trajectory is left after the rule "${rule ?? "at least one point"}": ask for fewer check-ins or cells, or for longer windows of time`,
    );
  }

  async *#writeTables(
    { checkIns, trajectories, firstCheckIn }: BuiltTrajectories,
    parts: Uint8Array,
    names: readonly string[],
  ): AsyncGenerator<Progress, void, void> {
    const table = (this.#checkIns ??= await this.#openTable(CHECK_INS));
    const before = table.rows;
    const total = checkIns.user.length;
    const pace = createPace(this.#options.signal);
    for (let from = 0; from < total; from += ROWS_PER_PIECE) {
      const to = Math.min(total, from + ROWS_PER_PIECE);
      await table.append(checkInColumns(sliceCheckIns(checkIns, from, to), names));
      if (!pace.due()) continue;
      yield { phase: "write check-ins", done: to, total, unit: "check-ins" };
      await pace.rest();
    }
    this.#trajectories ??= await this.#openTable(TRAJECTORIES);
    const places = { firstCheckIn: firstCheckIn.map((row) => row + before), parts, names };
    await this.#trajectories.append(trajectoryColumns(trajectories, places));
  }

  async #openTable(path: string): Promise<TableFile> {
    const opened = await this.#sink.openTable?.(path);
    if (opened !== undefined) return new TableFile(opened);
    const { ByteWriter } = await import("hyparquet-writer");
    const memory: TableWriter = new ByteWriter();
    this.#memory.set(path, memory);
    return new TableFile(memory);
  }

  async #finishTable(path: string, table: TableFile | undefined): Promise<void> {
    await table?.finish();
    const memory = this.#memory.get(path);
    this.#memory.delete(path);
    if (memory !== undefined) await this.#sink.write(path, memory.getBytes());
  }

  /** Visits of each cell in the training part: what word pieces are learnt from. */
  #countTrainingVisits(N: number): Uint32Array {
    const [cell, offsets, parts] = [this.#cell.view(), this.#offsets.view(), this.#parts.view()];
    const visits = new Uint32Array(N);
    parts.forEach((part, k) => {
      if (part !== 0) return;
      for (const n of cell.subarray(offsets[k], offsets[k + 1])) visits[n]!++;
    });
    return visits;
  }

  async *#writeTokens(
    cells: CellTable,
    area: CellTable,
  ): AsyncGenerator<Progress, DatasetNumbers["tokens"], void> {
    const { makeTokeniser, signal } = this.#options;
    const visits = this.#countTrainingVisits(cells.hi.length);
    const tokeniser = yield* makeTokeniser(area, visits);
    const text = JSON.stringify(tokeniser.toJson());
    await this.#sink.write("tokenizer.json", new TextEncoder().encode(text));
    const pieces = tokeniser.encodeCells(cells);
    const vocabularySize = tokeniser.vocabulary.length;
    const write = (name: string, bytes: Uint8Array) => this.#sink.write(`tokens/${name}`, bytes);
    const userTokens = tokeniser.extras?.users ?? 0;
    const writer = new ShardWriter({ vocabularySize, hasUsers: userTokens > 0, write });
    const [cell, offsets, parts] = [this.#cell.view(), this.#offsets.view(), this.#parts.view()];
    const hourOf = this.#hours.view();
    const users = numberPeople({ person: this.#person.view(), offsets, parts }, userTokens);
    const pace = createPace(signal);
    for (let k = 0; k < parts.length; k++) {
      const [from, to] = [offsets[k]!, offsets[k + 1]!];
      const [cells, hours] = [cell.subarray(from, to), hourOf.subarray(from, to)];
      await writer.add(parts[k]!, { cells, hours, user: users[k]! }, pieces);
      if (!pace.due()) continue;
      yield { phase: "write tokens", done: k, total: parts.length, unit: "trajectories" };
      await pace.rest();
    }
    let unknownCells = 0;
    for (const n of cell) if (pieces.tokens[pieces.offsets[n]!] === UNK) unknownCells++;
    const splits = await writer.finish();
    const tokens = splits.train.tokens + splits.validation.tokens + splits.test.tokens;
    const tokensPerCell = tokens / cell.length;
    return {
      splits,
      unknownCells,
      tokensPerCell,
      vocabularySize,
      tokeniser: tokeniser.rule,
      ...(tokeniser.extras && { extras: tokeniser.extras }),
    };
  }
}
