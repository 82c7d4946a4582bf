import { useEffect, useRef, useState } from "react";
import type { RunJob } from "../worker/channel";
import { nameInAddress } from "./address";
import { watchReadiness } from "./readiness";
import { openShipped, type Session } from "./session";

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
  /** What opens first; default the shipped notebook. */
  first: (() => Promise<Session>) | undefined;
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
        change(() => session ?? openShipped(options));
      } catch (thrown) {
        options.onError(thrown);
        change(() => openShipped(options));
      }
    };
    void openFirst();
    return () => current.current?.notebook.dispose();
    // oxlint-disable-next-line react/exhaustive-deps -- the first notebook opens once
  }, []);
  useEffect(() => {
    if (session === undefined) return;
    nameInAddress(session.isReopened ? session.stored : undefined);
    return watchReadiness(session.notebook);
  }, [session]);
  return { session, generation, change };
}
