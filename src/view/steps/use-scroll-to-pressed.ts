import { useEffect, useRef, type RefObject } from "react";

/**
 * Keeps the pressed button of the strip of check-ins in sight when `key` changes. Scrolls the strip alone:
 * scrollIntoView would move the page as well.
 */
export function useScrollToPressed(key: unknown): RefObject<HTMLDivElement | null> {
  const container = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const strip = container.current?.querySelector<HTMLElement>(".check-in-strip");
    const pressed = strip?.querySelector<HTMLElement>('[aria-pressed="true"]');
    if (!strip || !pressed) return;
    const top = pressed.getBoundingClientRect().top - strip.getBoundingClientRect().top;
    const isInSight = top >= 0 && top + pressed.offsetHeight <= strip.clientHeight;
    if (!isInSight) strip.scrollTop += top - (strip.clientHeight - pressed.offsetHeight) / 2;
  }, [key]);
  return container;
}
