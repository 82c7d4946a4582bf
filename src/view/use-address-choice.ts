import { useEffect, useRef } from "react";
import type { AddressChoice } from "./papers/step-links";

interface Choices<T extends string> {
  current: T;
  choices: readonly T[];
  choose: (asked: T) => void;
}

/**
 * Sets a step to what the address asks for when the page opens (`?task=water`). From then on the address names the
 * step's own choice: a reload in the middle of a table comes back to it.
 */
export function useAddressChoice<T extends string>(
  name: AddressChoice,
  { current, choices, choose }: Choices<T>,
): void {
  const isOpened = useRef(false);
  useEffect(() => {
    const address = new URL(location.href);
    const asked = choices.find((one) => one === address.searchParams.get(name));
    if (!isOpened.current) {
      isOpened.current = true;
      if (asked !== undefined && asked !== current) choose(asked);
      return;
    }
    if (asked === current) return;
    address.searchParams.set(name, current);
    history.replaceState(null, "", address);
    // oxlint-disable-next-line react/exhaustive-deps -- an address is read when the page opens
  }, [current]);
}
