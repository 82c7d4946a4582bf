import { useState, type JSX } from "react";
import { Button } from "../ui/Button";
import { formatBytes } from "../words";

interface RemoveButtonProps {
  /** What is removed: "run 1a2b". */
  name: string;
  bytes: number;
  onRemove: () => void;
}

/** Removes after a second click: what is kept took minutes. */
export function RemoveButton({ name, bytes, onRemove }: RemoveButtonProps): JSX.Element {
  const [isAsked, setAsked] = useState(false);
  if (!isAsked) {
    return (
      <Button kind="quiet" label={`Remove ${name}…`} onClick={() => setAsked(true)}>
        Remove…
      </Button>
    );
  }
  return <Button onClick={onRemove}>Remove {formatBytes(bytes)}</Button>;
}
