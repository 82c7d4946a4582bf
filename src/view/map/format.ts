const LOCALE = "en-GB";
const whole = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat(LOCALE, { maximumSignificantDigits: 3 });
// American English, because British English writes ten million as "10m", which reads as metres.
const compact = new Intl.NumberFormat("en-US", {
  notation: "compact",
  maximumSignificantDigits: 3,
});
const percent = new Intl.NumberFormat(LOCALE, { style: "percent", maximumFractionDigits: 1 });
const smallPercent = new Intl.NumberFormat(LOCALE, {
  style: "percent",
  maximumSignificantDigits: 2,
});

/** A value for people: three significant digits below 1,000, whole above; a real minus sign. */
export function formatValue(value: number): string {
  if (Number.isNaN(value)) return "no value";
  const text = Math.abs(value) >= 1000 ? whole.format(value) : short.format(value);
  return text.replace("-", "−");
}

/** A value for a tick: 1.2k, 3M. */
export function formatTick(value: number): string {
  return compact.format(value).replace("K", "k").replace("-", "−");
}

/** 0.1234 as "12.3%", 0.00123 as "0.12%". */
export function formatShare(share: number): string {
  if (Number.isNaN(share)) return "no value";
  return (Math.abs(share) < 0.01 ? smallPercent : percent).format(share).replace("-", "−");
}

/** The same with a plus before what is above nothing. */
export const signed =
  (format: (value: number) => string) =>
  (value: number): string =>
    value > 0 ? `+${format(value)}` : format(value);

/** A signed value, "+12" or "−0.4". */
export const formatSigned = signed(formatValue);

/** "35.681° N 139.767° E". */
export function formatPlace(lat: number, lng: number): string {
  const [ns, ew] = [lat < 0 ? "S" : "N", lng < 0 ? "W" : "E"];
  return `${Math.abs(lat).toFixed(3)}° ${ns} ${Math.abs(lng).toFixed(3)}° ${ew}`;
}

/** Kilometres with the digits that matter: "0.42 km", "8.4 km", "123 km". */
export function formatKm(km: number): string {
  return `${km < 1 ? km.toFixed(2) : km < 100 ? km.toFixed(1) : whole.format(km)} km`;
}
