import { useEffect, useRef, useState } from "react";

/** What was dropped: as entries, which folders can be read from, and as plain files. */
export interface Drop {
  entries: FileSystemEntry[];
  files: File[];
}

/** Calls back with what is dropped anywhere on the page; true while something hangs over it. */
export function useDrop(onDrop: (drop: Drop) => void): boolean {
  const [isOver, setOver] = useState(false);
  const latest = useRef(onDrop);
  latest.current = onDrop;
  useEffect(() => {
    const over = (event: DragEvent): void => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault(); // otherwise the browser would leave the page and open the file
      setOver(true);
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent): void => {
      event.preventDefault();
      setOver(false);
      const { items = [], files = [] } = event.dataTransfer ?? {}; // gone once the event is over
      const entries = [...items].flatMap((item) => item.webkitGetAsEntry() ?? []);
      latest.current({ entries, files: [...files] });
    };
    addEventListener("dragover", over);
    addEventListener("dragleave", leave);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("dragover", over);
      removeEventListener("dragleave", leave);
      removeEventListener("drop", drop);
    };
  }, []);
  return isOver;
}
