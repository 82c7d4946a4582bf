import type { LocatePoints } from "../data/point-collector";
import { locatePlaces } from "../data/points";
import { paceSlices } from "../data/slices";
import { FootfallError, throwIfStopped } from "../errors";
import type { CardLocator } from "../gpu/tokenise/locator";
import { finish } from "../pace";
import type { Session } from "./session";

/** What finds the cells of points on a graphics card, and on the processor from the moment that the card fails. */
export interface CellFinder {
  readonly locate: LocatePoints;
  /** Maker and model of the card; undefined once it has failed. */
  foundOn(): string | undefined;
  /** Frees what is held on the card. */
  dispose(): void;
}

const REPORT = { phase: "find cells", total: 0, unit: "points" };

/** The same cells whether the card lasts or not: nothing of a call that fails is in the table. */
export function withProcessor(card: CardLocator): CellFinder {
  let isLost = false;
  const onCard: LocatePoints = async (places, cells, signal) => {
    try {
      return await card.locate(places, cells, signal);
    } catch (error) {
      throwIfStopped(signal);
      if (!(error instanceof FootfallError)) throw error;
      isLost = true;
      return await onProcessor(places, cells, signal);
    }
  };
  const onProcessor: LocatePoints = (places, cells, signal) =>
    finish(paceSlices(locatePlaces(places, cells), REPORT, signal));
  return {
    locate: (...given) => (isLost ? onProcessor(...given) : onCard(...given)),
    foundOn: () => (isLost ? undefined : card.description),
    dispose: () => card.dispose(),
  };
}

/**
 * Where the session's models run on a graphics card, what finds cells there; undefined elsewhere: the processor does as
 * rows are read, and finds the same. Why a card cannot be had is said where the engine is.
 */
export async function openCellFinder(
  resolution: number,
  session: Session,
): Promise<CellFinder | undefined> {
  const engine = await session.engine().catch(() => undefined);
  if (engine?.kind !== "webgpu") return undefined;
  const { openCardLocator } = await import("../gpu/tokenise/locator");
  const card = await openCardLocator(resolution).catch(() => undefined);
  return card && withProcessor(card);
}
