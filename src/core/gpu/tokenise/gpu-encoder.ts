import type { Points } from "../../data/points";
import { CellEncoder } from "../../geo/encode";
import type { DeviceMemory } from "./device-memory";
import { DIGIT_TABLES, GROUP } from "./encode.wgsl";
import type { Kernels } from "./kernels";
import { PointPacker } from "./point-packer";
import { RECORD_WORDS, TileRecords } from "./tile-records";

/** Finer cells do not fit the kernel's 32-bit digits. */
export const FINEST_ON_GPU = 10;
/** Flagged rows that are read together with their number, without asking a second time. */
const FLAGGED_AT_ONCE = 16_384;
/** Cells that are put in their places by one dispatch. */
const PATCHES_AT_ONCE = 65_536;
const PATCH_WORDS = 3;

export interface GpuEncoderOptions {
  resolution: number;
  /** Points of a batch at most. */
  capacity: number;
  /** Share of the band that is kept; 1 but in the test that shows what it is for. */
  bandShare?: number | undefined;
  /** Points after which a tile is made. */
  worthATile?: number | undefined;
}

/** Finds the cells of points on the device and leaves them there. */
export class GpuEncoder {
  /** [capacity] halves of the cells of the last batch */
  readonly cells: GPUBuffer;
  /** [capacity] milliseconds since the point before, of the last batch */
  readonly gaps: GPUBuffer;
  /** Points so far that were redone by the processor. */
  redone = 0;
  readonly #memory: DeviceMemory;
  readonly #kernels: Kernels;
  readonly #resolution: number;
  readonly #tiles: TileRecords;
  readonly #packer: PointPacker;
  readonly #encoder: CellEncoder;
  readonly #buffers: ReturnType<typeof createBuffers>;
  #tileBuffer: GPUBuffer;
  #sentTiles = -1;

  constructor(memory: DeviceMemory, kernels: Kernels, options: GpuEncoderOptions) {
    const { resolution, capacity, bandShare, worthATile } = options;
    this.#memory = memory;
    this.#kernels = kernels;
    this.#resolution = resolution;
    this.#tiles = new TileRecords(resolution, bandShare);
    this.#packer = new PointPacker(capacity, this.#tiles, worthATile);
    this.#encoder = new CellEncoder(resolution);
    const stored = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
    this.cells = memory.create("cells", 8 * capacity, stored | GPUBufferUsage.COPY_SRC);
    this.gaps = memory.create("gaps", 4 * capacity, stored);
    this.#buffers = createBuffers(memory, capacity, this.#tiles.grid.byteLength);
    this.#tileBuffer = memory.create("tiles", 256 * RECORD_WORDS * 4, stored);
    memory.device.queue.writeBuffer(this.#buffers.tables, 0, DIGIT_TABLES);
  }

  /** Cells and gaps of rows `from` to `to`, into the two buffers. Throws "stopped" and "device-lost". */
  async encode(points: Points, from: number, to: number, signal?: AbortSignal): Promise<void> {
    const count = to - from;
    this.#packer.pack(points, from, to);
    this.#send(count);
    this.#dispatchEncode(count);
    const flagged = await this.#readFlagged(count, signal);
    this.redone += flagged.length;
    for (let at = 0; at < flagged.length; at += PATCHES_AT_ONCE) {
      this.#patch(points, from, flagged.subarray(at, at + PATCHES_AT_ONCE));
    }
  }

  #send(count: number): void {
    const { queue } = this.#memory.device;
    const { places, gaps } = this.#packer;
    queue.writeBuffer(this.#buffers.places, 0, places, 0, 2 * count);
    queue.writeBuffer(this.gaps, 0, gaps, 0, count);
    queue.writeBuffer(this.#buffers.encodeParams, 0, Uint32Array.of(count, this.#resolution));
    queue.writeBuffer(this.#buffers.flagged, 0, Uint32Array.of(0));
    if (this.#tiles.count === this.#sentTiles) return;
    this.#sentTiles = this.#tiles.count;
    const { words } = this.#tiles;
    if (words.byteLength > this.#tileBuffer.size) {
      this.#tileBuffer = this.#memory.replace(this.#tileBuffer, 2 * words.byteLength);
    }
    queue.writeBuffer(this.#tileBuffer, 0, words);
    queue.writeBuffer(this.#buffers.grid, 0, this.#tiles.grid);
  }

  #dispatchEncode(count: number): void {
    const { encodeParams, places, grid, tables, flagged } = this.#buffers;
    const buffers = [encodeParams, places, grid, this.#tileBuffer, tables, this.cells, flagged];
    this.#memory.dispatch(this.#kernels.encode, buffers, Math.ceil(count / GROUP));
  }

  /** Rows of the batch that were too near to a border, or in no tile. */
  async #readFlagged(count: number, signal?: AbortSignal): Promise<Uint32Array> {
    const { flagged, staging } = this.#buffers;
    const read = (rows: number): Promise<Uint32Array> =>
      this.#memory.read(
        staging,
        [{ buffer: flagged, bytes: 4 * (1 + rows) }],
        (bytes) => new Uint32Array(bytes.slice(0)),
        signal,
      );
    const first = Math.min(count, FLAGGED_AT_ONCE);
    const words = await read(first);
    const all = words[0]! <= first ? words : await read(words[0]!);
    return all.subarray(1, 1 + all[0]!);
  }

  #patch({ lat, lng }: Points, from: number, rows: Uint32Array): void {
    const words = new Uint32Array(PATCH_WORDS * rows.length);
    const { halves } = this.#encoder;
    rows.forEach((row, n) => {
      this.#encoder.encode(lat[from + row]!, lng[from + row]!);
      words[PATCH_WORDS * n] = row;
      words[PATCH_WORDS * n + 1] = halves[0]!;
      words[PATCH_WORDS * n + 2] = halves[1]!;
    });
    const { queue } = this.#memory.device;
    const { patchParams, patches } = this.#buffers;
    queue.writeBuffer(patches, 0, words);
    queue.writeBuffer(patchParams, 0, Uint32Array.of(rows.length));
    const buffers = [patchParams, patches, this.cells];
    this.#memory.dispatch(this.#kernels.patch, buffers, Math.ceil(rows.length / GROUP));
  }
}

function createBuffers(memory: DeviceMemory, capacity: number, gridBytes: number) {
  const { STORAGE, UNIFORM, COPY_DST, COPY_SRC, MAP_READ } = GPUBufferUsage;
  const stored = (label: string, bytes: number, more = 0): GPUBuffer =>
    memory.create(label, bytes, STORAGE | COPY_DST | more);
  return {
    encodeParams: memory.create("encode params", 16, UNIFORM | COPY_DST),
    patchParams: memory.create("patch params", 16, UNIFORM | COPY_DST),
    places: stored("places", 8 * capacity),
    grid: stored("grid", gridBytes),
    tables: stored("digit tables", DIGIT_TABLES.byteLength),
    flagged: stored("flagged", 4 * (1 + capacity), COPY_SRC),
    patches: stored("patches", 4 * PATCH_WORDS * Math.min(capacity, PATCHES_AT_ONCE)),
    staging: memory.create("flagged staging", 4 * (1 + capacity), MAP_READ | COPY_DST),
  };
}
