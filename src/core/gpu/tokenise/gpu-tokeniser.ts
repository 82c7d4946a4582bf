import type { Places, Points } from "../../data/points";
import { FootfallError, throwIfStopped } from "../../errors";
import type { CellTableBuilder } from "../../geo/cells";
import { piecesEnd } from "../../token/extras";
import { createTokenColumn } from "../../token/tokeniser";
import { LONGEST_MS } from "./check-ins.wgsl";
import { planColumns, type ColumnOptions, type ColumnPlan, type TokenisedColumns } from "./columns";
import { DeviceMemory } from "./device-memory";
import { GpuCheckIns, type BatchCheckIns, type Carried } from "./gpu-check-ins";
import { FINEST_ON_GPU, GpuEncoder } from "./gpu-encoder";
import { batchSize, findKernels } from "./kernels";
import { splitShown } from "./mask";
import { orderPoints } from "./order-points";
import { createPieceTables } from "./pieces";

export interface GpuTokeniserOptions extends ColumnOptions {
  /** Points that are on the device at one time; default half a million, or what its limits allow. */
  batch?: number;
  /** For the test that shows what the band is for; default 1. */
  bandShare?: number;
  /** Points after which a tile of half a degree is made; places of others are for the processor. Default 64. */
  worthATile?: number;
}

/** One sentence that says why the kernels cannot do this; undefined where they can. */
function findObstacle({ resolution, windowMs }: ColumnPlan): string | undefined {
  if (resolution > FINEST_ON_GPU) {
    return `cells of resolution ${resolution} are finer than the graphics card's ${FINEST_ON_GPU}`;
  }
  if (!(windowMs >= 0 && windowMs < LONGEST_MS)) {
    return `a window of ${windowMs} ms: the graphics card takes 0 to 49 days`;
  }
  return undefined;
}

/**
 * Points to check-ins to tokens in one pass over columns that stay on a device, batch by batch through the
 * same buffers. Read back are the few rows that are too near to a border for whole numbers and f32 (they are
 * redone by `CellEncoder`, so that every cell is that of h3-js), the number of check-ins, and the check-ins.
 */
export class GpuTokeniser {
  readonly #memory: DeviceMemory;
  readonly #encoder: GpuEncoder;
  readonly #checkIns: GpuCheckIns;
  readonly #plan: ColumnPlan;
  readonly #batch: number;

  private constructor(
    memory: DeviceMemory,
    parts: { encoder: GpuEncoder; checkIns: GpuCheckIns; batch: number },
    plan: ColumnPlan,
  ) {
    this.#memory = memory;
    this.#encoder = parts.encoder;
    this.#checkIns = parts.checkIns;
    this.#batch = parts.batch;
    this.#plan = plan;
  }

  /**
   * Compiles the kernels and makes the buffers; needs no optional feature. The caller disposes it; the device
   * is the caller's. Throws "bad-input" (finer than resolution 10, a window of 49 days, another tokeniser
   * than digits), "out-of-memory" and "device-lost".
   */
  static async open(device: GPUDevice, options: GpuTokeniserOptions = {}): Promise<GpuTokeniser> {
    const plan = planColumns(options);
    const obstacle = findObstacle(plan);
    if (obstacle !== undefined) throw new FootfallError("bad-input", obstacle);
    const tables = plan.tokeniser && createPieceTables(plan.tokeniser);
    const memory = new DeviceMemory(device);
    device.pushErrorScope("out-of-memory");
    try {
      const kernels = await findKernels(memory);
      const capacity = batchSize(device.limits, tables?.pieces ?? 0, options.batch);
      const { resolution } = plan;
      const { bandShare, worthATile } = options;
      const how = { resolution, capacity, bandShare, worthATile };
      const encoder = new GpuEncoder(memory, kernels, how);
      const checkIns = new GpuCheckIns(memory, { kernels, encoder, capacity, tables }, plan);
      return new GpuTokeniser(memory, { encoder, checkIns, batch: capacity }, plan);
    } catch (error) {
      memory.dispose();
      throw error;
    } finally {
      await checkMemory(device, memory);
    }
  }

  /** Points so far whose cells the processor had to find. */
  get redone(): number {
    return this.#encoder.redone;
  }

  /** Bytes of the buffers on the device. */
  get bytes(): number {
    return this.#memory.bytes;
  }

  /**
   * Points in any order to check-ins and tokens, equal to `tokeniseColumns`. One call at a time. Throws
   * "bad-input" for times that are no whole milliseconds, "stopped" and "device-lost".
   */
  async tokenise(points: Points, signal?: AbortSignal): Promise<TokenisedColumns> {
    const ordered = orderPoints(points, this.#plan.resolution);
    checkWhole(ordered.timeMs);
    return this.#join(ordered, await this.#find(ordered, signal));
  }

  /**
   * The numbers of places' cells in a builder's table, [n], in the order of the places: what `locatePoints`
   * finds. Only where a cell begins is read back.
   */
  async locate(
    places: Places,
    cells: CellTableBuilder,
    signal?: AbortSignal,
  ): Promise<Uint32Array> {
    const n = places.lat.length;
    const cell = new Uint32Array(n);
    const oneMoment = { users: [""], user: new Uint32Array(n), timeMs: new Float64Array(n) }; // no window ends
    let number = 0;
    let from = 0;
    for (const batch of await this.#find({ ...oneMoment, ...places }, signal)) {
      batch.first.forEach((row, k) => {
        cell.fill(number, from, row);
        number = cells.addHalves(batch.cells[2 * k]!, batch.cells[2 * k + 1]!);
        from = row;
      });
    }
    return cell.fill(number, from);
  }

  /** Frees all buffers; the tokeniser cannot be used again. */
  dispose(): void {
    this.#memory.dispose();
  }

  /** Check-ins of all batches; their rows count from the first point of all. */
  async #find(points: Points, signal?: AbortSignal): Promise<BatchCheckIns[]> {
    throwIfStopped(signal);
    const batches: BatchCheckIns[] = [];
    const total = points.user.length;
    let firstCheckIn = 0;
    let carried: Carried | undefined;
    let open = { row: 0, hi: 0, lo: 0 };
    for (let from = 0; from < total; from += this.#batch) {
      const to = Math.min(total, from + this.#batch);
      await this.#encoder.encode(points, from, to, signal);
      const batch = await this.#checkIns.find({ count: to - from, firstCheckIn, carried }, signal);
      batch.first.forEach((row, k) => (batch.first[k] = from + row));
      const last = batch.first.length - 1;
      if (last >= 0) {
        const [hi, lo] = [batch.cells[2 * last]!, batch.cells[2 * last + 1]!];
        open = { row: batch.first[last]!, hi, lo };
      }
      const sinceMs = points.timeMs[to - 1]! - points.timeMs[open.row]!;
      carried = { hi: open.hi, lo: open.lo, sinceMs };
      batches.push(batch);
      firstCheckIn += batch.first.length;
    }
    return batches;
  }

  #join(points: Points, batches: readonly BatchCheckIns[]): TokenisedColumns {
    const K = batches.reduce((sum, batch) => sum + batch.first.length, 0);
    const { resolution, tokeniser, masking } = this.#plan;
    const V = tokeniser ? piecesEnd(tokeniser) : 0;
    const { pieces } = this.#checkIns;
    const first = new Uint32Array(K);
    const [hi, lo] = [new Uint32Array(K), new Uint32Array(K)];
    const tokens = createTokenColumn(V, K * pieces);
    const shown = new Uint32Array(masking ? K * pieces : 0);
    let at = 0;
    for (const batch of batches) {
      first.set(batch.first, at);
      for (let k = 0; k < batch.first.length; k++) {
        hi[at + k] = batch.cells[2 * k]!;
        lo[at + k] = batch.cells[2 * k + 1]!;
      }
      tokens.set(batch.tokens, at * pieces);
      if (masking) shown.set(batch.shown, at * pieces);
      at += batch.first.length;
    }
    const columns = { points, resolution, first, hi, lo, pieces, tokens };
    if (masking === undefined) return columns;
    return { ...columns, masked: splitShown(shown, tokens, pieces, V) };
  }
}

function checkWhole(timeMs: Float64Array): void {
  const row = timeMs.findIndex((time) => Math.floor(time) !== time);
  if (row < 0) return;
  throw new FootfallError(
    "bad-input",
    `the time of point ${row} is ${timeMs[row]} ms: the graphics card counts whole milliseconds`,
  );
}

async function checkMemory(device: GPUDevice, memory: DeviceMemory): Promise<void> {
  const error = await memory.orLost(device.popErrorScope());
  if (error === null) return;
  memory.dispose();
  const sentence = "the graphics card has no memory left for tokenising; take smaller batches";
  throw new FootfallError("out-of-memory", sentence, { cause: error });
}
