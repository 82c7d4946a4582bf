/** Brings a step into sight as soon as it stands on the page, and gives it the focus. */
export function goToStep(id: string): void {
  requestAnimationFrame(() => {
    const step = document.getElementById(`step-${id}`);
    step?.scrollIntoView({ block: "start" });
    step?.querySelector("h2")?.focus();
  });
}
