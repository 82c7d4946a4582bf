import { FootfallError, throwIfStopped } from "../../errors";

/** Within this time a device that has failed says whether it is lost. */
const LOSS_TOLD_MS = 500;

const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Buffers and kernels of one device, made once and freed together. */
export class DeviceMemory {
  readonly device: GPUDevice;
  readonly #buffers: GPUBuffer[] = [];
  readonly #lost: Promise<never>;

  constructor(device: GPUDevice) {
    this.device = device;
    this.#lost = device.lost.then(({ message }) => {
      const detail = message === "" ? "" : ` (${message})`;
      throw new FootfallError(
        "device-lost",
        `the graphics device was lost while tokenising${detail}`,
      );
    });
    this.#lost.catch(() => undefined); // nobody may be waiting
  }

  /** A buffer of at least `bytes`, freed with the others. */
  create(label: string, bytes: number, usage: number): GPUBuffer {
    const size = Math.max(16, Math.ceil(bytes / 4) * 4);
    const buffer = this.device.createBuffer({ label: `tokenise ${label}`, size, usage });
    this.#buffers.push(buffer);
    return buffer;
  }

  /** A larger one in the place of one that has become too small. */
  replace(old: GPUBuffer, bytes: number): GPUBuffer {
    this.#buffers.splice(this.#buffers.indexOf(old), 1);
    old.destroy();
    return this.create(old.label.replace("tokenise ", ""), bytes, old.usage);
  }

  /** Bytes of all buffers. */
  get bytes(): number {
    return this.#buffers.reduce((sum, buffer) => sum + buffer.size, 0);
  }

  async createKernel(label: string, code: string): Promise<GPUComputePipeline> {
    const module = this.device.createShaderModule({ label: `tokenise ${label}`, code });
    const compute = { module, entryPoint: "main" };
    const descriptor = { label: `tokenise ${label}`, layout: "auto" as const, compute };
    return this.orLost(this.device.createComputePipelineAsync(descriptor));
  }

  /** Runs a kernel over buffers in the order of their bindings, so many work-groups. */
  dispatch(kernel: GPUComputePipeline, buffers: readonly GPUBuffer[], groups: number): void {
    const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
    const layout = kernel.getBindGroupLayout(0);
    const encoder = this.device.createCommandEncoder({ label: kernel.label });
    const pass = encoder.beginComputePass();
    pass.setPipeline(kernel);
    pass.setBindGroup(0, this.device.createBindGroup({ layout, entries }));
    pass.dispatchWorkgroups(groups);
    pass.end();
    this.device.queue.submit([encoder.finish()]);
  }

  /** Copies the first bytes of buffers, waits and hands them over; the view is gone afterwards. */
  async read<T>(
    staging: GPUBuffer,
    parts: readonly { buffer: GPUBuffer; bytes: number; from?: number }[],
    take: (bytes: ArrayBuffer) => T,
    signal?: AbortSignal,
  ): Promise<T> {
    const encoder = this.device.createCommandEncoder();
    let at = 0;
    for (const { buffer, bytes, from = 0 } of parts) {
      if (bytes > 0) encoder.copyBufferToBuffer(buffer, from, staging, at, bytes);
      at += bytes;
    }
    this.device.queue.submit([encoder.finish()]);
    await this.orLost(staging.mapAsync(GPUMapMode.READ, 0, at));
    try {
      throwIfStopped(signal);
      return take(staging.getMappedRange(0, at));
    } finally {
      staging.unmap();
    }
  }

  /** What was asked for, or "device-lost" as soon as the device is. */
  async orLost<T>(asked: Promise<T>): Promise<T> {
    try {
      return await Promise.race([asked, this.#lost]);
    } catch (error) {
      // a lost device refuses what was asked for, in Chromium some time before it says that it is lost
      await Promise.race([this.#lost, after(LOSS_TOLD_MS)]);
      throw error;
    }
  }

  dispose(): void {
    for (const buffer of this.#buffers.splice(0)) buffer.destroy();
  }
}
