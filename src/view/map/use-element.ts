import { useEffect, useState } from "react";
import type { RefObject } from "react";

/** Width of an element in CSS pixels, followed; 0 before the first look. */
export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (!element.current) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setWidth(Math.floor(entry.contentRect.width));
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return width;
}

/** A map is made this near to the window: the second one must not load MapLibre before the first picture. */
const NEAR = "50px 0px";
/** It is given up when further away than this: contexts are few, but scrolling a little must not cost one. */
const FAR = "600px 0px";

/** True from when an element comes near the window until it is far from it. */
export function useNear(element: RefObject<HTMLElement | null>): boolean {
  const [isNear, setNear] = useState(false);
  useEffect(() => {
    if (!element.current) return;
    const watch = (rootMargin: string, wanted: boolean): IntersectionObserver =>
      new IntersectionObserver(
        (entries) => {
          const isInside = entries.at(-1)?.isIntersecting ?? false;
          if (isInside === wanted) setNear(wanted);
        },
        { rootMargin },
      );
    const observers = [watch(NEAR, true), watch(FAR, false)];
    for (const observer of observers) observer.observe(element.current);
    return () => observers.forEach((observer) => observer.disconnect());
  }, [element]);
  return isNear;
}
