import type { LocatePoints } from "../../data/point-collector";
import { findAdapter, openDevice, type FoundAdapter } from "../webgpu";
import { FINEST_ON_GPU } from "./gpu-encoder";
import { GpuTokeniser } from "./gpu-tokeniser";

/** What finds cells on a graphics card; on a device of its own. */
export interface CardLocator {
  readonly locate: LocatePoints;
  /** Maker and model of the adapter. */
  readonly description: string;
  /** Points so far whose cells the processor had to find. */
  redone(): number;
  /** Frees buffers and device. */
  dispose(): void;
}

/**
 * Opens kernels that find cells of one resolution; undefined where there is no adapter, or where the resolution is
 * finer than they can. The caller disposes it. Throws "out-of-memory" and "device-lost".
 */
export async function openCardLocator(resolution: number): Promise<CardLocator | undefined> {
  const { adapter } = await findAdapter();
  if (adapter === undefined || resolution > FINEST_ON_GPU) return undefined;
  return await openOn(adapter, resolution);
}

async function openOn(adapter: FoundAdapter, resolution: number): Promise<CardLocator> {
  const device = await openDevice(adapter);
  try {
    const tokeniser = await GpuTokeniser.open(device, { resolution });
    return {
      locate: (...places) => tokeniser.locate(...places),
      description: adapter.report.description.trim(),
      redone: () => tokeniser.redone,
      dispose: () => {
        tokeniser.dispose();
        device.destroy();
      },
    };
  } catch (error) {
    device.destroy();
    throw error;
  }
}
