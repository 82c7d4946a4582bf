import { useEffect, useRef } from "react";
import type { TaskName } from "../../core/task/tasks/types";
import type { AdaptSpec } from "../../notebook/steps/adapt";
import { taskOfAddress } from "./tasks";

/**
 * Chooses the task that the address asks for when the page opens. From then on the address names the step's own choice:
 * a reload in the middle of a table comes back to it.
 */
export function useAddressTask(
  current: TaskName,
  onChange: (change: Partial<AdaptSpec>) => void,
): void {
  const isOpened = useRef(false);
  useEffect(() => {
    const asked = taskOfAddress(location.search);
    if (!isOpened.current) {
      isOpened.current = true;
      if (asked !== undefined && asked !== current) onChange({ task: asked, settings: undefined });
      return;
    }
    if (asked === current) return;
    const address = new URL(location.href);
    address.searchParams.set("task", current);
    history.replaceState(null, "", address);
    // oxlint-disable-next-line react/exhaustive-deps -- an address is read when the page opens
  }, [current]);
}
