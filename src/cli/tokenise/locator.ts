import type { LocatePoints } from "../../core/data/point-collector";
import { FootfallError } from "../../core/errors";
import { openCardLocator } from "../../core/gpu/tokenise/locator";
import type { CommandInput } from "../command";
import { installDawn } from "../dawn";

/** What finds the cells of points: the processor, or kernels on a graphics card. */
export const CELL_BACKENDS = ["cpu", "webgpu"] as const;
export type CellBackend = (typeof CELL_BACKENDS)[number];

/**
 * Runs `work` with what finds cells on the backend: undefined for the processor, which finds each as it is
 * read. Both find the same. Throws "no-gpu" where webgpu is asked for and cannot be had.
 */
export async function withLocator<T>(
  { backend, resolution }: { backend: CellBackend; resolution: number },
  { note }: CommandInput,
  work: (locate: LocatePoints | undefined) => Promise<T>,
): Promise<T> {
  if (backend === "cpu") return work(undefined);
  await installDawn();
  const card = await openCardLocator(resolution);
  if (card === undefined) {
    throw new FootfallError(
      "no-gpu",
      "--backend webgpu was asked for, and no graphics adapter is offered or the resolution is finer than 10",
    );
  }
  try {
    const result = await work(card.locate);
    note(`cells found on ${card.description}; ${card.redone()} points by the processor`);
    return result;
  } finally {
    card.dispose();
  }
}
