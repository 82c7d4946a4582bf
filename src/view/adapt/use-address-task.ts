import { useEffect } from "react";
import type { TaskName } from "../../core/task/tasks/types";
import type { AdaptSpec } from "../../notebook/steps/adapt";
import { taskOfAddress } from "./tasks";

/** Chooses the task that the address asks for, once: from then on the step's own choice counts. */
export function useAddressTask(
  current: TaskName,
  onChange: (change: Partial<AdaptSpec>) => void,
): void {
  useEffect(() => {
    const task = taskOfAddress(location.search);
    if (task === undefined) return;
    const address = new URL(location.href);
    address.searchParams.delete("task");
    history.replaceState(null, "", address);
    if (task !== current) onChange({ task, settings: undefined });
    // oxlint-disable-next-line react/exhaustive-deps -- an address is read when the page opens
  }, []);
}
