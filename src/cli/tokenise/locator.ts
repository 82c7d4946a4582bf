import type { LocatePoints } from "../../core/data/point-collector";
import { FootfallError } from "../../core/errors";
import { GpuTokeniser } from "../../core/gpu/tokenise/gpu-tokeniser";
import { findAdapter, openDevice } from "../../core/gpu/webgpu";
import type { CommandInput } from "../command";
import { installDawn } from "../dawn";

/** What finds the cells of points: the processor, or kernels on a graphics card. */
export const CELL_BACKENDS = ["cpu", "webgpu"] as const;
export type CellBackend = (typeof CELL_BACKENDS)[number];

/**
 * Runs `work` with what finds cells on the backend: undefined for the processor, which finds each as it is
 * read. Both find the same. Throws "no-gpu" where webgpu is asked for and there is no adapter, "bad-input"
 * beyond resolution 10.
 */
export async function withLocator<T>(
  { backend, resolution }: { backend: CellBackend; resolution: number },
  { note }: CommandInput,
  work: (locate: LocatePoints | undefined) => Promise<T>,
): Promise<T> {
  if (backend === "cpu") return work(undefined);
  await installDawn();
  const { adapter } = await findAdapter();
  if (adapter === undefined) {
    throw new FootfallError(
      "no-gpu",
      "No graphics adapter is offered, and --backend webgpu was asked for",
    );
  }
  const device = await openDevice(adapter);
  try {
    const tokeniser = await GpuTokeniser.open(device, { resolution });
    const result = await work((...points) => tokeniser.locate(...points));
    note(
      `cells found on ${adapter.report.description.trim()}; ${tokeniser.redone} points by the processor`,
    );
    tokeniser.dispose();
    return result;
  } finally {
    device.destroy();
  }
}
