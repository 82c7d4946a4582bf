import { useEffect, useRef, useState } from "react";

/** Where something is dropped: anywhere, or on the place for layers. */
export type DropPlace = "page" | "layer";

/** What was dropped: as entries, which folders can be read from, and as plain files; and where. */
export interface Drop {
  entries: FileSystemEntry[];
  files: File[];
  place: DropPlace;
}

function placeOf({ target }: DragEvent): DropPlace {
  const isLayer = target instanceof Element && target.closest("[data-layer-drop]") !== null;
  return isLayer ? "layer" : "page";
}

/** Calls back with what is dropped anywhere on the page; says over which place something hangs. */
export function useDrop(onDrop: (drop: Drop) => void): DropPlace | undefined {
  const [isOver, setOver] = useState<DropPlace>();
  const latest = useRef(onDrop);
  latest.current = onDrop;
  useEffect(() => {
    const over = (event: DragEvent): void => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault(); // otherwise the browser would leave the page and open the file
      setOver(placeOf(event));
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(undefined);
    };
    const drop = (event: DragEvent): void => {
      event.preventDefault();
      setOver(undefined);
      const { items = [], files = [] } = event.dataTransfer ?? {}; // gone once the event is over
      const entries = [...items].flatMap((item) => item.webkitGetAsEntry() ?? []);
      latest.current({ entries, files: [...files], place: placeOf(event) });
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
