const POINT = 1;
/** PostGIS marks a spatial reference that stands before the coordinates. */
const HAS_REFERENCE = 0x20000000;

/** Longitude and latitude of a point in well-known binary, ISO's or PostGIS' kind; undefined for others. */
function readWkb(bytes: Uint8Array): [lng: number, lat: number] | undefined {
  if (bytes.length < 21) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isLittle = view.getUint8(0) === 1;
  const type = view.getUint32(1, isLittle);
  const at = type & HAS_REFERENCE ? 9 : 5;
  if ((type & 0xffff) % 1000 !== POINT || bytes.length < at + 16) return undefined;
  return [view.getFloat64(at, isLittle), view.getFloat64(at + 8, isLittle)];
}

const isNumber = (value: unknown): value is number => typeof value === "number";

function pairOf(first: unknown, second: unknown): [lng: number, lat: number] | undefined {
  return isNumber(first) && isNumber(second) ? [first, second] : undefined;
}

/** Longitude and latitude of a point as WKB, [x, y], { x, y } or GeoJSON; undefined for what is none. */
export function pointOf(value: unknown): [lng: number, lat: number] | undefined {
  if (value instanceof Uint8Array) return readWkb(value);
  if (Array.isArray(value)) return pairOf(value[0], value[1]);
  if (ArrayBuffer.isView(value)) return pointOf(Array.from(value as Float64Array));
  if (typeof value !== "object" || value === null) return undefined;
  if ("coordinates" in value) return pointOf(value.coordinates);
  return "x" in value && "y" in value ? pairOf(value.x, value.y) : undefined;
}
