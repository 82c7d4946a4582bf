import { useEffect, useState } from "react";

/** False at first, true once `delayMs` have passed since `key` last changed: short work shows no progress bar. */
export function useAfter(delayMs: number, key: unknown): boolean {
  const [reached, setReached] = useState<{ key: unknown }>();
  useEffect(() => {
    const timer = setTimeout(() => setReached({ key }), delayMs);
    return () => clearTimeout(timer);
  }, [delayMs, key]);
  return reached !== undefined && reached.key === key;
}
