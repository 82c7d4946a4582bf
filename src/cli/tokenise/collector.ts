import { join } from "node:path";
import { findCheckInsInSlices } from "../../core/data/check-ins";
import { growUint32, growUint8 } from "../../core/data/growing";
import { createLedger, mergeLedger, type Ledger } from "../../core/data/ledger";
import type { Points } from "../../core/data/points";
import { splitTrajectories, type SplitOptions } from "../../core/data/splits";
import { checkInColumns, trajectoryColumns } from "../../core/data/tables";
import { cellsOfTrajectory, findTrajectories } from "../../core/data/trajectories";
import { CellTableBuilder } from "../../core/geo/cells";
import type { CommandInput } from "../command";
import { showing } from "../run";
import { TableFile } from "../table-file";

export interface CollectorOptions {
  folder: string;
  resolution: number;
  windowMs: number;
  minCheckIns: number;
  minCells: number;
  /** Undefined: guessed from the first batch. */
  utcOffsetHours: number | undefined;
  split: Required<SplitOptions>;
  /** Holds the area's cells already where the area is known. */
  cells: CellTableBuilder;
}

/**
 * Takes points batch by batch, writes the two tables as they come and keeps four bytes a check-in: cell
 * numbers, trajectory ends and parts, from which the tokens are made.
 */
export class TrajectoryCollector {
  readonly #options: CollectorOptions;
  readonly #checkIns: TableFile;
  readonly #trajectories: TableFile;
  readonly #cell = growUint32();
  readonly #offsets = growUint32();
  readonly #parts = growUint8();
  readonly ledger: Ledger = createLedger();
  utcOffsetHours: number | undefined;
  users = 0;

  constructor(options: CollectorOptions) {
    this.#options = options;
    this.#checkIns = new TableFile(join(options.folder, "check-ins.parquet"));
    this.#trajectories = new TableFile(join(options.folder, "trajectories.parquet"));
    this.#offsets.push(0);
    this.utcOffsetHours = options.utcOffsetHours;
  }

  /** Adds points of users that no other batch holds; `names` stand for the users in the tables. */
  async add(
    points: Points,
    names: readonly string[],
    { progress, signal }: Pick<CommandInput, "progress" | "signal">,
  ): Promise<void> {
    const { resolution, windowMs, minCheckIns, minCells, split, cells } = this.#options;
    const slices = findCheckInsInSlices(points, { resolution, windowMs, cells, signal });
    const checkIns = await showing(slices, progress);
    const rules = { minCheckIns, minCells, utcOffsetHours: this.utcOffsetHours };
    const found = findTrajectories(checkIns, rules);
    this.utcOffsetHours = found.utcOffsetHours;
    const before = this.#checkIns.rows;
    await this.#checkIns.append(checkInColumns(checkIns, names));
    const parts = splitTrajectories(found.trajectories, split);
    const firstCheckIn = found.firstCheckIn.map((row) => row + before);
    const places = { firstCheckIn, parts, names };
    await this.#trajectories.append(trajectoryColumns(found.trajectories, places));
    for (let k = 0; k < parts.length; k++) {
      this.#cell.pushAll(cellsOfTrajectory(found.trajectories, k));
      this.#offsets.push(this.#cell.length);
      this.#parts.push(parts[k]!);
    }
    this.#note(points, checkIns.user.length, found.ledger);
  }

  /** Closes the tables. */
  async finish(): Promise<{ cell: Uint32Array; offsets: Uint32Array; parts: Uint8Array }> {
    await this.#checkIns.finish();
    await this.#trajectories.finish();
    return { cell: this.#cell.build(), offsets: this.#offsets.build(), parts: this.#parts.build() };
  }

  #note(points: Points, checkIns: number, ledger: Ledger): void {
    const users = points.users.length;
    const minutes = this.#options.windowMs / 60_000;
    this.users += users;
    const rules = [
      { rule: "points that can be used", points: points.user.length, users },
      { rule: `points of one cell within ${minutes} minutes are one check-in`, checkIns, users },
      ...ledger.rules,
    ];
    mergeLedger(this.ledger, { rules, rowsRead: 0, rejected: [] });
  }
}
