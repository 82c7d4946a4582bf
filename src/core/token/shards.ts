import { LongColumn } from "../data/growing";
import { writeNpy } from "../data/columnar/npy";
import { SPLITS, type Split } from "../data/splits";
import type { CellPieces, TokenColumn } from "./tokeniser";

/** What one split holds. */
export interface SplitShards {
  shards: string[];
  trajectories: number;
  tokens: number;
  cells: number;
}

export type ShardReport = Record<Split, SplitShards>;

/** One trajectory of a shard. */
export interface WrittenTrajectory {
  /** Cell numbers of its check-ins. */
  cells: Uint32Array;
  /** Their hours of the week. */
  hours: Uint8Array;
  /** Number of its person, 0 for anybody. */
  user: number;
}

export interface ShardOptions {
  vocabularySize: number;
  /** Whether the vocabulary has user tokens, whose numbers are kept; default not. */
  hasUsers?: boolean;
  /** Called with a file name and its bytes whenever a shard is full, and for the last ones by `finish`. */
  write: (name: string, bytes: Uint8Array) => Promise<void>;
  /** Tokens after which a shard is closed; default 8 M (24 MB). */
  shardTokens?: number;
}

/** One split that is being collected. */
class SplitWriter {
  readonly report: SplitShards = { shards: [], trajectories: 0, tokens: 0, cells: 0 };
  readonly #split: Split;
  readonly #options: ShardOptions;
  readonly #tokens: LongColumn<Uint32Array> | LongColumn<Uint16Array>;
  readonly #starts = new LongColumn(Uint8Array);
  readonly #hours = new LongColumn(Uint8Array);
  readonly #users = new LongColumn(Uint16Array);
  readonly #offsets = new LongColumn(Uint32Array);

  constructor(split: Split, options: ShardOptions) {
    this.#split = split;
    this.#options = options;
    this.#tokens =
      options.vocabularySize > 65_535 ? new LongColumn(Uint32Array) : new LongColumn(Uint16Array);
    this.#offsets.push(0);
  }

  /** Appends one trajectory; true when the shard should be closed. */
  add({ cells, hours, user }: WrittenTrajectory, { offsets, tokens }: CellPieces): boolean {
    for (const [n, cell] of cells.entries()) {
      for (let at = offsets[cell]!; at < offsets[cell + 1]!; at++) {
        this.#tokens.push(tokens[at]!);
        this.#starts.push(at === offsets[cell] ? 1 : 0);
        this.#hours.push(hours[n]!);
      }
    }
    this.#offsets.push(this.#tokens.length);
    this.#users.push(user);
    this.report.trajectories++;
    this.report.cells += cells.length;
    return this.#tokens.length >= (this.#options.shardTokens ?? 8_000_000);
  }

  async close(): Promise<void> {
    if (this.#offsets.length === 1 && this.report.shards.length > 0) return;
    const name = `${this.#split}-${String(this.report.shards.length).padStart(5, "0")}`;
    const tokens: TokenColumn = this.#tokens.view();
    await this.#options.write(`${name}.tokens.npy`, writeNpy(tokens));
    await this.#options.write(`${name}.starts.npy`, writeNpy(this.#starts.view()));
    await this.#options.write(`${name}.hours.npy`, writeNpy(this.#hours.view()));
    await this.#options.write(`${name}.offsets.npy`, writeNpy(this.#offsets.view()));
    if (this.#options.hasUsers === true) {
      await this.#options.write(`${name}.users.npy`, writeNpy(this.#users.view()));
    }
    this.report.shards.push(name);
    this.report.tokens += tokens.length;
    const columns = [this.#tokens, this.#starts, this.#hours, this.#users, this.#offsets];
    for (const column of columns) column.clear();
    this.#offsets.push(0);
  }
}

/**
 * Collects trajectories into token shards (docs/tokens.md): pieces without special tokens, where a hash
 * starts, its hour of the week, and where a trajectory starts. Each split has at least one shard, which may be empty.
 */
export class ShardWriter {
  readonly #writers: SplitWriter[];

  constructor(options: ShardOptions) {
    this.#writers = SPLITS.map((split) => new SplitWriter(split, options));
  }

  /** Adds a trajectory to split 0, 1 or 2. */
  async add(split: number, trajectory: WrittenTrajectory, pieces: CellPieces): Promise<void> {
    const writer = this.#writers[split]!;
    if (writer.add(trajectory, pieces)) await writer.close();
  }

  /** Writes what is left and tells what each split holds. */
  async finish(): Promise<ShardReport> {
    for (const writer of this.#writers) await writer.close();
    const [train, validation, test] = this.#writers.map((writer) => writer.report);
    return { train: train!, validation: validation!, test: test! };
  }
}
