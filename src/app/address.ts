/** The page's address names the open imported data set (`?data=ID`), so that a reload finds it again. */
export function nameInAddress(id: string | undefined): void {
  const address = new URL(location.href);
  if ((address.searchParams.get("data") ?? undefined) === id) return;
  if (id === undefined) address.searchParams.delete("data");
  else address.searchParams.set("data", id);
  address.hash = "";
  history.replaceState(null, "", address);
}
