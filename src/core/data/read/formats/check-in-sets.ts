import { headText } from "./text-format";
import { createTableFormat } from "./csv";

/** First line of a file's beginning, without a return. */
const firstLine = (head: Uint8Array): string => headText(head).split(/\r?\n/, 1)[0] ?? "";

/** Names of a header without case and punctuation, whatever parts them. */
const headerOf = (line: string): string => line.toLowerCase().replaceAll(/[^a-z,;\t|]/g, "");

const TSMC_NAMES = [
  "userId",
  "venueId",
  "venueCategoryId",
  "venueCategory",
  "latitude",
  "longitude",
  "timezoneOffset",
  "utcTimestamp",
];
const TSMC_HEADER =
  /^userid.venueid.venuecategoryid.venuecategory(name)?.latitude.longitude.timezoneoffset.utctimestamp/;
const TSMC_ROW =
  /^\d+[\t,][0-9a-f]{24}[\t,][0-9a-f]{24}[\t,][^\t]*[\t,]-?[\d.]+[\t,]-?[\d.]+[\t,]-?\d+[\t,]"?[A-Z][a-z]{2} [A-Z][a-z]{2} \d{2} [\d:]{8} \+0000 \d{4}"?$/;

/** Foursquare check-ins of New York and Tokyo (Yang et al. 2015): 8 columns, as published or with a header. */
export const tsmc2014 = createTableFormat({
  id: "tsmc2014",
  title: "Foursquare New York, Tokyo (TSMC2014)",
  why: "the eight columns of TSMC2014",
  names: TSMC_NAMES,
  matches: (_, head) => {
    const line = firstLine(head);
    return TSMC_HEADER.test(headerOf(line)) || TSMC_ROW.test(line);
  },
});

const SNAP_NAMES = ["user", "check-in time", "latitude", "longitude", "location id"];
/** user, time, latitude, longitude, place: the columns of SNAP's two files, without a header. */
const SNAP_ROW = String.raw`^\d+\t\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\t-?\d+(?:\.\d+)?\t-?\d+(?:\.\d+)?\t`;
const GOWALLA_ROW = new RegExp(String.raw`${SNAP_ROW}\d+$`);
const BRIGHTKITE_ROW = new RegExp(String.raw`${SNAP_ROW}[0-9a-f]{32,}$`);

/** Gowalla (Cho et al. 2011), SNAP's loc-gowalla_totalCheckins.txt.gz. */
export const gowalla = createTableFormat({
  id: "gowalla",
  title: "Gowalla (SNAP)",
  why: "five columns, the place a number",
  names: SNAP_NAMES,
  matches: (_, head) => GOWALLA_ROW.test(firstLine(head)),
});

/** Brightkite (Cho et al. 2011), SNAP's loc-brightkite_totalCheckins.txt.gz. */
export const brightkite = createTableFormat({
  id: "brightkite",
  title: "Brightkite (SNAP)",
  why: "five columns, the place in hexadecimal digits",
  names: SNAP_NAMES,
  matches: (_, head) => BRIGHTKITE_ROW.test(firstLine(head)),
});

/** Weeplaces (Liu et al. 2013): weeplace_checkins.csv. */
export const weeplaces = createTableFormat({
  id: "weeplaces",
  title: "Weeplaces",
  why: "the seven columns of Weeplaces",
  matches: (_, head) =>
    headerOf(firstLine(head)) === "userid,placeid,datetime,lat,lon,city,category",
});
