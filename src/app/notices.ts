import type { DataService } from "../view/page-context";

let isWanted = false;

/** Wants a notice, or no more; the browser is asked where it was not yet. */
export const setNotify: DataService["setNotify"] = async (wanted) => {
  isWanted = false;
  if (!wanted) return "off";
  if (!("Notification" in globalThis)) return "unavailable";
  isWanted = (await Notification.requestPermission()) === "granted";
  return isWanted ? "granted" : "denied";
};

/** A silent notice, where it was asked for and nobody looks at the page (AX-13). */
export function notify(text: string): void {
  if (!isWanted || !document.hidden) return;
  const notice = new Notification("Footfall", { body: text, silent: true });
  notice.addEventListener("click", () => window.focus());
}
