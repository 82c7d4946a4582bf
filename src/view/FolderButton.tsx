import { useRef, type JSX } from "react";
import { Button } from "./ui/Button";

interface FolderButtonProps {
  onPick: (files: File[]) => void;
}

/** Opens a folder of tokens, weights and rasters; nothing of it is sent anywhere. */
export function FolderButton({ onPick }: FolderButtonProps): JSX.Element {
  const input = useRef<HTMLInputElement | null>(null);
  return (
    <>
      <input
        ref={(element) => {
          input.current = element;
          element?.setAttribute("webkitdirectory", ""); // no property of its own in React
        }}
        type="file"
        hidden
        aria-label="Folder to open"
        data-open-folder=""
        onChange={({ target }) => {
          const files = [...(target.files ?? [])];
          target.value = ""; // the same folder may be opened again
          if (files.length > 0) onPick(files);
        }}
      />
      <Button onClick={() => input.current?.click()}>Open a folder…</Button>
    </>
  );
}
