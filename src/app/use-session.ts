import { useEffect, useRef, useState } from "react";
import type { RunJob } from "../worker/channel";
import { goToStep } from "../view/go-to-step";
import { nameInAddress, stepOfAddress } from "./address";
import { watchReadiness } from "./readiness";
import { openShipped, type Session } from "./session";
import type { ShippedName } from "./shipped";

interface UsedSession {
  /** Undefined until the first is open. */
  session: Session | undefined;
  /** Counts the changes: a new notebook even where its data have the same name. */
  generation: number;
  /** Ends the open session and opens another; throws what `make` throws, and then all stays. */
  change: (make: () => Session) => void;
}

/** The open session, its readiness for tests, and how to change to another. */
export function useSession(options: {
  run: RunJob;
  seed: number;
  /** What opens first; default a shipped notebook. */
  first: (() => Promise<Session>) | undefined;
  shipped: ShippedName;
  onError: (thrown: unknown) => void;
}): UsedSession {
  const [{ session, generation }, setState] = useState<Omit<UsedSession, "change">>({
    session: undefined,
    generation: 0,
  });
  const current = useRef<Session>(undefined);
  const change = (make: () => Session): void => {
    const next = make();
    current.current?.notebook.dispose();
    current.current = next;
    setState((old) => ({ session: next, generation: old.generation + 1 }));
  };
  useEffect(() => {
    const openFirst = async (): Promise<void> => {
      try {
        const session = await options.first?.();
        change(() => session ?? openShipped(options.shipped, options));
      } catch (thrown) {
        options.onError(thrown);
        change(() => openShipped(options.shipped, options));
      }
    };
    void openFirst();
    return () => current.current?.notebook.dispose();
    // oxlint-disable-next-line react/exhaustive-deps -- the first notebook opens once
  }, []);
  useEffect(() => {
    if (session === undefined) return;
    const step = stepOfAddress();
    if (step !== undefined) goToStep(step);
    nameInAddress({
      data: session.isReopened ? session.stored : undefined,
      notebook: session.shipped,
    });
    return watchReadiness(session.notebook);
  }, [session]);
  return { session, generation, change };
}
