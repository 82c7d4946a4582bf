import { fingerprint } from "./fingerprint";
import type { Geography } from "./geography";
import { simulateResidents } from "./residents";

/** What tells whether a whole country and its first 200 residents are the same to the last bit. */
export function fingerprintsOf(country: Geography): { truths: string; residents: string } {
  const { lat, lng, population, elevation, builtUp, trees, crops, water, leisure } = country;
  const { prefecture, region, municipality, municipalityClass } = country;
  const fields = [lat, lng, population, elevation, builtUp, trees, crops, water, leisure];
  const areas = [prefecture, region, municipality, municipalityClass];
  const [first] = simulateResidents(country, { from: 0, to: 200 });
  const { user, timeMs, lat: pointLat, lng: pointLng } = first!;
  return {
    truths: fingerprint([...fields, ...areas]),
    residents: fingerprint([user, timeMs, pointLat, pointLng]),
  };
}
