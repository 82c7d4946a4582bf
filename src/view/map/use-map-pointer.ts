import { useRef, useState } from "react";
import type { KeyboardEvent, PointerEvent, RefObject } from "react";
import type { CellTable } from "../../core/geo/cells";
import { hoverAt } from "./hover";
import type { Hover } from "./hover";
import { boxAt } from "./layout";
import type { FigureMap } from "./use-figure-map";
import { moveByKey } from "./view-state";
import type { ViewState } from "./view-state";

/** A press that moves further than this is a drag, not a click. */
const CLICK_PX = 4;

interface PointerOptions {
  stage: RefObject<HTMLDivElement | null>;
  cells: CellTable | undefined;
  onCell: ((cell: number) => void) | undefined;
}

interface MapPointer {
  hover: Hover | undefined;
  /** Event handlers of the stage. */
  handlers: {
    onKeyDown: (event: KeyboardEvent) => void;
    onPointerMove: (event: PointerEvent) => void;
    onPointerLeave: () => void;
    onPointerDown: (event: PointerEvent) => void;
    onPointerUp: (event: PointerEvent) => void;
  };
}

/** What the pointer is over, clicks on cells, and the keys that move the map. */
export function useMapPointer(map: FigureMap, options: PointerOptions): MapPointer {
  const { stage, cells, onCell } = options;
  const { boxes } = map.layout;
  const [hover, setHover] = useState<Hover>();
  const pressed = useRef<readonly [x: number, y: number]>(undefined);

  const lookAt = (event: PointerEvent): Hover | undefined => {
    const corner = stage.current?.getBoundingClientRect();
    if (!corner || !map.view) return undefined;
    const point = [event.clientX - corner.left, event.clientY - corner.top] as const;
    const box = boxAt(boxes, ...point);
    return box && hoverAt(box, map.view, cells, point);
  };
  /** Moved by keys, the map reads out what is in its middle. */
  const lookAtMiddle = (view: ViewState): void => {
    const [box] = boxes;
    if (box) setHover(hoverAt(box, view, cells, [box.x + box.width / 2, box.y + box.height / 2]));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const [box] = boxes;
    if (event.target !== stage.current || !map.view || !box || event.ctrlKey || event.metaKey)
      return;
    const isHome = event.key === "0" || event.key === "Home";
    const next = isHome ? undefined : moveByKey(map.view, box, event.key);
    if (!isHome && !next) return;
    event.preventDefault();
    if (!next) return map.fit();
    map.setView(next);
    lookAtMiddle(next);
  };
  const onPointerDown = (event: PointerEvent): void => {
    pressed.current = [event.clientX, event.clientY];
    if (event.target instanceof HTMLCanvasElement) stage.current?.focus({ preventScroll: true });
  };
  const onPointerUp = (event: PointerEvent): void => {
    const [x, y] = pressed.current ?? [Infinity, Infinity];
    const isClick = Math.hypot(event.clientX - x, event.clientY - y) < CLICK_PX;
    const cell = isClick ? (lookAt(event)?.cell ?? -1) : -1;
    if (cell >= 0) onCell?.(cell);
  };
  return {
    hover,
    handlers: {
      onKeyDown,
      onPointerDown,
      onPointerUp,
      onPointerMove: (event) => setHover(lookAt(event)),
      onPointerLeave: () => setHover(undefined),
    },
  };
}
