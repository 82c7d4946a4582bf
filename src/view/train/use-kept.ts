import { useCallback, useEffect, useState } from "react";
import { toFootfallError } from "../../core/errors";

interface Kept<T> {
  found: readonly T[];
  /** Looks again. */
  look: () => void;
  problem?: string;
}

/** What the browser keeps, looked at anew whenever `when` changes; nothing where nobody lists it. */
export function useKept<T>(list: (() => Promise<T[]>) | undefined, when: string): Kept<T> {
  const [found, setFound] = useState<readonly T[]>([]);
  const [problem, setProblem] = useState<string>();
  const look = useCallback(() => {
    list?.()
      .then((kept) => {
        setFound(kept);
        setProblem(undefined);
      })
      .catch((thrown: unknown) => setProblem(toFootfallError(thrown, "bad-file").message));
  }, [list]);
  useEffect(look, [look, when]);
  return { found, look, ...(problem !== undefined && { problem }) };
}
