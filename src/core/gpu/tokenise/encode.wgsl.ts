import { BASE_CELLS } from "../../geo/encode";
import { OFFSET, UP1, UP2, UP4 } from "../../geo/hex-digits";
import { TILE_COLUMNS, TILE_ROWS } from "../../geo/tiles";
import { TILE_UNITS } from "./tile-records";

/** Threads of a work-group in all of these kernels. */
export const GROUP = 256;

/** Where each table begins in the one buffer that holds them all. */
const UP1_AT = 0;
const UP2_AT = UP1_AT + UP1.length;
const UP4_AT = UP2_AT + UP2.length;
const BASE_AT = UP4_AT + UP4.length;

/** The tables of digits and base cells, one after the other. */
export const DIGIT_TABLES = Uint32Array.from([...UP1, ...UP2, ...UP4, ...BASE_CELLS]);

/** A latitude that no place has: rows for the processor. */
export const NO_PLACE = -(2 ** 31);

/** The terms of degree 2 and more of P1 (from word 10 of a record) or P2 (from 22), in Horner's form. */
const sum = (name: string, word: number): string => {
  const c = (k: number): string => {
    const at = word + k;
    return `bitcast<f32>(tiles[at + ${Math.floor(at / 4)}u].${"xyzw"[at % 4]})`;
  };
  return /* wgsl */ `
fn ${name}(at: u32, s: f32, t: f32) -> f32 {
  let r0 = t * t * (${c(0)} + t * (${c(1)} + t * ${c(2)}));
  let r1 = t * (${c(3)} + t * (${c(4)} + t * ${c(5)}));
  let r2 = ${c(6)} + t * (${c(7)} + t * ${c(8)});
  let r3 = ${c(9)} + t * ${c(10)};
  return r0 + s * (r1 + s * (r2 + s * (r3 + s * ${c(11)})));
}`;
};

/** Which side of an edge between two faces: 10 coefficients from word 10. */
const EDGE_SIDE = /* wgsl */ `
fn edgeSide(at: u32, s: f32, t: f32) -> f32 {
  let a = bitcast<vec2f>(tiles[at + 2u].zw);
  let b = bitcast<vec4f>(tiles[at + 3u]);
  let c = bitcast<vec4f>(tiles[at + 4u]);
  let r0 = a.x + t * (a.y + t * (b.x + t * b.y));
  let r1 = b.z + t * (b.w + t * c.x);
  let r2 = c.y + t * c.z;
  return r0 + s * (r1 + s * (r2 + s * c.w));
}`;

/**
 * Points to cells by the tile polynomials: linear terms in whole numbers (Q20), the rest in f32, then the
 * nearest hexagon, digits from tables and the base cell. No step may be re-ordered across the conversion to
 * whole numbers, so the bound of \`TileRecords\` holds on any adapter. A point that is nearer to a border than
 * its tile's band goes to the list of points for the processor.
 */
export const ENCODE_WGSL = /* wgsl */ `
struct Params { count: u32, resolution: u32 }
struct Flagged { count: atomic<u32>, rows: array<u32> }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> places: array<vec2i>;
@group(0) @binding(2) var<storage, read> grid: array<i32>;
@group(0) @binding(3) var<storage, read> tiles: array<vec4i>;
@group(0) @binding(4) var<storage, read> tables: array<u32>;
@group(0) @binding(5) var<storage, read_write> cells: array<vec2u>;
@group(0) @binding(6) var<storage, read_write> flagged: Flagged;

const LOW = 0x09249249u;
const UNSURE = vec2u(0u, 0u);
${sum("highOfP1", 10)}
${sum("highOfP2", 22)}
${EDGE_SIDE}

// (slope * q) >> 22 in parts of 16 and 11 bits: no product overflows
fn linear(slope: i32, q: i32) -> i32 {
  let a1 = slope >> 15u;
  let a0 = slope & 32767;
  let q1 = q >> 11u;
  let q0 = q & 2047;
  return a1 * q1 * 16 + ((a0 * q1 + a1 * q0 * 16) >> 11u) + ((a0 * q0) >> 22u);
}

// floor(n / 3) for n from -6144
fn third(n: i32) -> i32 { return (n + 6144) / 3 - 2048; }

// digits of (i, j) up to resolution 0: its coordinates there, and the digits
fn climb(start: vec2i) -> vec3i {
  var at = start;
  var digits = 0u;
  var shift = 0u;
  var left = params.resolution;
  if ((left & 1u) == 1u) {
    let up = (at + ${OFFSET}) / 7 - ${OFFSET / 7};
    let rest = at - 7 * up;
    let entry = tables[${UP1_AT}u + u32(rest.x * 7 + rest.y)];
    at = vec2i(3 * up.x - up.y, up.x + 2 * up.y) + shiftOf(entry);
    digits = entry >> 6u;
    shift = 3u;
    left -= 1u;
  }
  if ((left & 2u) == 2u) {
    let up = (at + ${OFFSET}) / 7 - ${OFFSET / 7};
    let rest = at - 7 * up;
    let entry = tables[${UP2_AT}u + u32(rest.x * 7 + rest.y)];
    at = up + shiftOf(entry);
    digits |= (entry >> 6u) << shift;
    shift += 6u;
    left -= 2u;
  }
  for (; left > 0u; left -= 4u) {
    let up = (at + ${OFFSET}) / 49 - ${OFFSET / 49};
    let rest = at - 49 * up;
    let entry = tables[${UP4_AT}u + u32(rest.x * 49 + rest.y)];
    at = up + shiftOf(entry);
    digits |= (entry >> 6u) << shift;
    shift += 12u;
  }
  return vec3i(at, i32(digits));
}

fn shiftOf(entry: u32) -> vec2i {
  return vec2i(i32(entry & 7u), i32((entry >> 3u) & 7u)) - 2;
}

// all digits turned by so many times 60 degrees: the bits of a digit are its i, j and k
fn rotate(digits: u32, turns: u32) -> u32 {
  var d = digits;
  if ((turns & 1u) == 1u) { d ^= 7u * ((d | (d >> 1u) | (d >> 2u)) & LOW); }
  switch (turns % 3u) {
    case 2u: { return ((d >> 1u) & (LOW * 3u)) | ((d & LOW) << 2u); }
    case 1u: { return ((d << 1u) & (LOW * 6u)) | ((d >> 2u) & LOW); }
    default: { return d; }
  }
}

fn leading(digits: u32) -> u32 {
  if (digits == 0u) { return 0u; }
  return (digits >> (firstLeadingBit(digits) / 3u * 3u)) & 7u;
}

fn cellOf(base: u32, digits: u32) -> vec2u {
  let head = (1u << 27u) | (params.resolution << 20u) | (base << 13u);
  let shift = 45u - 3u * params.resolution;
  if (shift >= 32u) {
    let up = shift - 32u;
    return vec2u(head | (digits << up) | ((1u << up) - 1u), 0xffffffffu);
  }
  return vec2u(head | (digits >> (32u - shift)), (digits << shift) | ((1u << shift) - 1u));
}

fn encode(place: vec2i) -> vec2u {
  let lat = bitcast<u32>(place.x) + 900000000u;
  let lng = bitcast<u32>(place.y) + 1800000000u;
  if (lat > 1800000000u || lng > 3600000000u) { return UNSURE; }
  let row = min(lat / ${TILE_UNITS}u, ${TILE_ROWS - 1}u);
  let column = min(lng / ${TILE_UNITS}u, ${TILE_COLUMNS - 1}u);
  let dLat = i32(lat - row * ${TILE_UNITS}u) - ${TILE_UNITS / 2};
  let dLng = i32(lng - column * ${TILE_UNITS}u) - ${TILE_UNITS / 2};
  let slot = grid[row * ${TILE_COLUMNS}u + column];
  if (slot < 0) { return UNSURE; }
  let s = f32(dLat) * ${1 / 2 ** 21};
  let t = f32(dLng) * ${1 / 2 ** 21};
  var at = u32(slot) * 9u;
  var head = tiles[at];
  if (head.z < 0) {
    let side = edgeSide(at, s, t);
    if (abs(side) < 1e-7) { return UNSURE; }
    at = u32(select(head.y, head.x, side > 0.0)) * 9u;
    head = tiles[at];
  }
  let first = tiles[at + 1u];
  let second = tiles[at + 2u];
  let p1 = first.x + linear(first.z, dLat) + linear(first.w, dLng) + i32(highOfP1(at, s, t) * 1048576.0);
  let p2 = first.y + linear(second.x, dLat) + linear(second.y, dLng) + i32(highOfP2(at, s, t) * 1048576.0);
  let a = (p1 >> 20u) + 1;
  let b = (p2 >> 20u) + 1;
  let c = ((p2 - p1) >> 20u) + 1;
  let i = third(a + b);
  let j = third(b + c);
  let q1 = p1 - ((2 * i - j) << 20u);
  let q2 = p2 - ((i + j) << 20u);
  if (max(max(abs(q1), abs(q2)), abs(q2 - q1)) >= head.w) { return UNSURE; }
  let top = climb(head.xy + vec2i(i, j));
  if (any(top.xy < vec2i(-2)) || any(top.xy > vec2i(2))) { return UNSURE; }
  let entry = tables[${BASE_AT}u + u32(head.z * 25 + (top.x + 2) * 5 + top.y + 2)];
  let digits = u32(top.z);
  let turns = (entry >> (7u + 3u * leading(digits))) & 7u;
  if (turns > 5u) { return UNSURE; }
  return cellOf(entry & 127u, rotate(digits, turns));
}

@compute @workgroup_size(${GROUP})
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.count) { return; }
  let cell = encode(places[id.x]);
  cells[id.x] = cell;
  if (cell.x == 0u) { flagged.rows[atomicAdd(&flagged.count, 1u)] = id.x; }
}
`;
