import { BLOCK } from "./check-ins.wgsl";
import type { ColumnPlan } from "./columns";
import type { DeviceMemory } from "./device-memory";
import { GROUP } from "./encode.wgsl";
import type { GpuEncoder } from "./gpu-encoder";
import type { Kernels } from "./kernels";
import { isBert, thresholdOf } from "./mask";
import type { PieceTables } from "./pieces";
import { TOKEN_PARAMS } from "./tokens.wgsl";
import { piecesEnd } from "../../token/extras";
import { SPECIAL_TOKENS } from "../../token/tokeniser";

/** A batch's check-ins as they come from the device. */
export interface BatchCheckIns {
  /** [K] row in the batch of the first point of each */
  first: Uint32Array;
  /** [K, 2] halves of its cell */
  cells: Uint32Array;
  /** [K, pieces] */
  tokens: Uint32Array;
  /** [K, pieces] tokens with `CHOSEN` where the hash is hidden; empty without masking */
  shown: Uint32Array;
}

/** The check-in that is open where a batch ends: its cell, and milliseconds from its first point to the last. */
export interface Carried {
  hi: number;
  lo: number;
  sinceMs: number;
}

/** What tells a batch from the others. */
export interface BatchPlace {
  /** Points of the batch. */
  count: number;
  /** Check-ins of all batches before. */
  firstCheckIn: number;
  carried: Carried | undefined;
}

interface CheckInParts {
  kernels: Kernels;
  encoder: GpuEncoder;
  /** Points of a batch at most. */
  capacity: number;
  tables: PieceTables | undefined;
}

/** Finds check-ins and their tokens in the cells that an encoder has left on the device. */
export class GpuCheckIns {
  readonly #memory: DeviceMemory;
  readonly #kernels: Kernels;
  readonly #encoder: GpuEncoder;
  readonly #plan: ColumnPlan;
  readonly #tables: PieceTables | undefined;
  readonly #buffers: ReturnType<typeof createBuffers>;

  constructor(
    memory: DeviceMemory,
    { kernels, encoder, capacity, tables }: CheckInParts,
    plan: ColumnPlan,
  ) {
    this.#memory = memory;
    this.#kernels = kernels;
    this.#encoder = encoder;
    this.#plan = plan;
    this.#tables = tables;
    const words = tables?.words ?? new Uint32Array(1);
    this.#buffers = createBuffers(memory, capacity, {
      tables: words.byteLength,
      tokens: 4 * this.pieces,
      shown: plan.masking ? 4 * this.pieces : 0,
    });
    memory.device.queue.writeBuffer(this.#buffers.tables, 0, words);
  }

  /** Tokens of one check-in. */
  get pieces(): number {
    return this.#tables?.pieces ?? 0;
  }

  /** The check-ins that begin in the batch. Throws "stopped" and "device-lost". */
  async find(place: BatchPlace, signal?: AbortSignal): Promise<BatchCheckIns> {
    this.#sendParams(place);
    this.#dispatch(place.count);
    const { sums, staging } = this.#buffers;
    const [K] = await this.#memory.read(
      staging,
      [{ buffer: sums, from: 4 * BLOCK, bytes: 4 }],
      (bytes) => new Uint32Array(bytes.slice(0)),
      signal,
    );
    return this.#readColumns(K!, signal);
  }

  #sendParams({ count, firstCheckIn, carried }: BatchPlace): void {
    const { queue } = this.#memory.device;
    const { masking, tokeniser, windowMs } = this.#plan;
    const { hi, lo, sinceMs } = carried ?? { hi: 0, lo: 0, sinceMs: 0 };
    const runs = Uint32Array.of(count, Math.floor(windowMs), sinceMs, 0, hi, lo);
    queue.writeBuffer(this.#buffers.runParams, 0, runs);
    const values: Record<(typeof TOKEN_PARAMS)[number], number> = {
      count,
      firstCheckIn,
      pieces: this.pieces,
      parents: this.#tables?.parents ?? 0,
      parentResolution: this.#tables?.parentResolution ?? 0,
      seed: masking?.seed ?? 0,
      threshold: masking ? thresholdOf(masking.rate) : 0,
      isBert: masking && isBert(masking) ? 1 : 0,
      randomTokens: (tokeniser ? piecesEnd(tokeniser) : 0) - SPECIAL_TOKENS.length,
    };
    const words = Uint32Array.from(TOKEN_PARAMS, (name) => values[name]);
    queue.writeBuffer(this.#buffers.tokenParams, 0, words);
  }

  #dispatch(count: number): void {
    const { runParams, tokenParams, begins, sums, tables } = this.#buffers;
    const { first, found, tokens, shown } = this.#buffers;
    const { cells, gaps } = this.#encoder;
    const { runs, scanBlocks, scanSums, tokens: write } = this.#kernels;
    const groups = Math.ceil(count / GROUP);
    this.#memory.dispatch(runs, [runParams, gaps, cells, begins], groups);
    this.#memory.dispatch(scanBlocks, [runParams, begins, sums], Math.ceil(count / BLOCK));
    this.#memory.dispatch(scanSums, [runParams, sums], 1);
    const columns = [cells, begins, sums, tables, first, found, tokens, shown];
    this.#memory.dispatch(write, [tokenParams, ...columns], groups);
  }

  #readColumns(K: number, signal?: AbortSignal): Promise<BatchCheckIns> {
    const { first, found, tokens, shown, staging } = this.#buffers;
    const shownLength = this.#plan.masking ? this.pieces * K : 0;
    const lengths = [K, 2 * K, this.pieces * K, shownLength];
    const parts = [first, found, tokens, shown].map((buffer, n) => ({
      buffer,
      bytes: 4 * lengths[n]!,
    }));
    const take = (bytes: ArrayBuffer): BatchCheckIns => {
      let at = 0;
      const [one, two, three, four] = lengths.map((length) => {
        const column = new Uint32Array(bytes, at, length).slice();
        at += 4 * length;
        return column;
      });
      return { first: one!, cells: two!, tokens: three!, shown: four! };
    };
    return this.#memory.read(staging, parts, take, signal);
  }
}

/** `bytes`: of the tables, and of one check-in's columns. */
function createBuffers(
  memory: DeviceMemory,
  capacity: number,
  bytes: { tables: number; tokens: number; shown: number },
) {
  const { STORAGE, UNIFORM, COPY_DST, COPY_SRC, MAP_READ } = GPUBufferUsage;
  const column = (label: string, size: number): GPUBuffer =>
    memory.create(label, size * capacity, STORAGE | COPY_SRC);
  const row = 12 + bytes.tokens + bytes.shown;
  return {
    runParams: memory.create("run params", 32, UNIFORM | COPY_DST),
    tokenParams: memory.create("token params", 4 * TOKEN_PARAMS.length, UNIFORM | COPY_DST),
    begins: column("begins", 4),
    sums: memory.create("sums", 4 * (BLOCK + 1), STORAGE | COPY_SRC),
    tables: memory.create("piece tables", bytes.tables, STORAGE | COPY_DST),
    first: column("first", 4),
    found: column("found", 8),
    tokens: column("tokens", bytes.tokens),
    shown: column("shown", bytes.shown),
    staging: memory.create("check-ins staging", row * capacity, MAP_READ | COPY_DST),
  };
}
