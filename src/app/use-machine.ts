import { useEffect, useState } from "react";
import { toFootfallError, type FootfallError } from "../core/errors";
import type { MachineReport } from "../view/engine-words";
import type { RunJob } from "../worker/channel";

interface Machine {
  report: MachineReport | undefined;
  error: FootfallError | undefined;
}

/** Opens the engine and asks it what this machine offers. */
export function useMachine(run: RunJob): Machine {
  const [machine, setMachine] = useState<Machine>({ report: undefined, error: undefined });
  useEffect(() => {
    const stop = new AbortController();
    const ask = async (): Promise<void> => {
      const reports = run({ kind: "capabilities" }, stop.signal);
      for (;;) {
        const next = await reports.next();
        if (next.done) return setMachine({ report: next.value, error: undefined });
      }
    };
    ask().catch((thrown: unknown) => {
      if (!stop.signal.aborted) {
        setMachine({ report: undefined, error: toFootfallError(thrown, "worker-failed") });
      }
    });
    return () => stop.abort();
  }, [run]);
  return machine;
}
