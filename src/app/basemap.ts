import { FootfallError } from "../core/errors";
import { readBasemap, type Basemap } from "../view/map/basemap";

/** The shipped coasts and borders. Rejects with "missing-file" or "bad-file". */
export async function fetchBasemap(): Promise<Basemap> {
  const response = await fetch(new URL("data/basemap.json", document.baseURI));
  if (response.ok) return readBasemap(await response.json());
  throw new FootfallError(
    "missing-file",
    `data/basemap.json: the server answered ${response.status}`,
  );
}
