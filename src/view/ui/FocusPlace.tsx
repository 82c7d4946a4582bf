import { useRef, type JSX, type MouseEvent, type ReactNode } from "react";

/**
 * A place whose buttons come and go, such as Run and Stop. It takes the focus of a button that is pressed, so
 * that the next Tab goes on from here and not from the top of the page.
 */
export function FocusPlace({ children }: { children: ReactNode }): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const keep = ({ target }: MouseEvent): void => {
    if (target instanceof HTMLButtonElement) place.current?.focus({ preventScroll: true });
  };
  return (
    <div ref={place} className="focus-place" role="group" tabIndex={-1} onClick={keep}>
      {children}
    </div>
  );
}
