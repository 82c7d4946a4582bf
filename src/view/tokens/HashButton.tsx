import type { JSX } from "react";

interface HashButtonProps {
  hash: string;
  onFind: (query: string) => void;
}

/** A hash that can be asked about. */
export function HashButton({ hash, onFind }: HashButtonProps): JSX.Element {
  return (
    <button
      type="button"
      className="hash-button"
      aria-label={`Look up hexagon ${hash}`}
      onClick={() => onFind(hash)}
    >
      {hash}
    </button>
  );
}
