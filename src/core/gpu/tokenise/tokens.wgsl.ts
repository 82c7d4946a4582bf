import { SPECIAL_TOKENS, MASK, UNK } from "../../token/tokeniser";
import { BLOCK } from "./check-ins.wgsl";
import { GROUP } from "./encode.wgsl";
import { PHILOX_WGSL } from "./philox";

/** Bit of a shown token that says that its hash was chosen to be hidden. */
export const CHOSEN = 0x80000000;

/** Words of the uniform, in this order. */
export const TOKEN_PARAMS = [
  "count", // points of the batch
  "firstCheckIn", // number of the batch's first check-in among all
  "pieces", // of a check-in: 1 and the groups of digits; 0 for no tokens
  "parents", // rows of the table of parents
  "parentResolution",
  "seed",
  "threshold", // share of chosen hashes, of 2^31; 0 for none
  "isBert", // 80-10-10, else always [MASK]
  "randomTokens", // tokens behind the special ones
] as const;

/**
 * Closes the gaps between the points that begin check-ins, and writes each one's pieces: the parent by binary
 * search, the groups of digits by tables; then what is shown of it when it is hidden. Tables: three words a
 * parent (upper half, lower half, token), three words a group (first level, digits, where its tokens begin),
 * then the tokens.
 */
export const TOKENS_WGSL = /* wgsl */ `
struct Params { ${TOKEN_PARAMS.map((name) => `${name}: u32`).join(", ")} }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> cells: array<vec2u>;
@group(0) @binding(2) var<storage, read> begins: array<u32>;
@group(0) @binding(3) var<storage, read> sums: array<u32>;
@group(0) @binding(4) var<storage, read> tables: array<u32>;
@group(0) @binding(5) var<storage, read_write> firsts: array<u32>;
@group(0) @binding(6) var<storage, read_write> found: array<vec2u>;
@group(0) @binding(7) var<storage, read_write> tokens: array<u32>;
@group(0) @binding(8) var<storage, read_write> shown: array<u32>;
${PHILOX_WGSL}

fn parentOf(cell: vec2u) -> vec2u {
  let bits = 45u - 3u * params.parentResolution; // below its own digits all are 7
  let hi = (cell.x & ~(15u << 20u)) | (params.parentResolution << 20u);
  if (bits >= 32u) { return vec2u(hi | ((1u << (bits - 32u)) - 1u), 0xffffffffu); }
  return vec2u(hi, cell.y | ((1u << bits) - 1u));
}

fn digitOf(cell: vec2u, level: u32) -> u32 {
  if (level <= 4u) { return (cell.x >> (13u - 3u * level)) & 7u; }
  if (level == 5u) { return ((cell.x & 1u) << 2u) | (cell.y >> 30u); }
  return (cell.y >> (45u - 3u * level)) & 7u;
}

// the token of a parent, ${UNK} for a stranger
fn findParent(parent: vec2u) -> u32 {
  var low = 0u;
  var high = params.parents;
  while (low < high) {
    let middle = (low + high) / 2u;
    let hi = tables[3u * middle];
    let lo = tables[3u * middle + 1u];
    if (hi < parent.x || (hi == parent.x && lo < parent.y)) { low = middle + 1u; } else { high = middle; }
  }
  if (low == params.parents) { return ${UNK}u; }
  let isFound = tables[3u * low] == parent.x && tables[3u * low + 1u] == parent.y;
  return select(${UNK}u, tables[3u * low + 2u], isFound);
}

fn writeTokens(cell: vec2u, to: u32) {
  let parent = findParent(parentOf(cell));
  tokens[to] = parent;
  for (var group = 0u; group + 1u < params.pieces; group++) {
    let at = 3u * (params.parents + group);
    var code = 0u;
    for (var k = 0u; k < tables[at + 1u]; k++) { code = code * 7u + digitOf(cell, tables[at] + k); }
    tokens[to + 1u + group] = select(tables[tables[at + 2u] + code], ${UNK}u, parent == ${UNK}u);
  }
}

// word 0 chooses the hash, word 1 what is shown, the others are random pieces
fn mask(checkIn: u32, to: u32) {
  var words = philox(vec4u(checkIn, 0u, 0u, 0u), vec2u(params.seed, 0u));
  let isChosen = (words.x >> 1u) < params.threshold;
  let share = words.y;
  for (var piece = 0u; piece < params.pieces; piece++) {
    let word = piece + 2u;
    if (word % 4u == 0u) { words = philox(vec4u(checkIn, word / 4u, 0u, 0u), vec2u(params.seed, 0u)); }
    var token = tokens[to + piece];
    if (isChosen && (params.isBert == 0u || share < ${shareOf(0.8)}u)) {
      token = ${MASK}u;
    } else if (isChosen && share < ${shareOf(0.9)}u) {
      token = ${SPECIAL_TOKENS.length}u + multiplyHigh(words[word % 4u], params.randomTokens);
    }
    shown[to + piece] = token | select(0u, ${CHOSEN}u, isChosen);
  }
}

@compute @workgroup_size(${GROUP})
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.count) { return; }
  let word = begins[id.x];
  if ((word & 1u) == 0u) { return; }
  let at = sums[id.x / ${BLOCK}u] + word / 2u;
  firsts[at] = id.x;
  found[at] = cells[id.x];
  if (params.pieces == 0u) { return; }
  let to = at * params.pieces;
  writeTokens(cells[id.x], to);
  if (params.threshold > 0u) { mask(params.firstCheckIn + at, to); }
}
`;

/** A share of all 32-bit words. */
export function shareOf(share: number): number {
  return Math.floor(share * 2 ** 32);
}
