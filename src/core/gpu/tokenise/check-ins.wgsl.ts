import { GROUP } from "./encode.wgsl";

/** Gap before a point of another user: longer than any window. */
export const OTHER_USER = 0xffffffff;
/** The longest window, in milliseconds, and where shorter gaps end. */
export const LONGEST_MS = OTHER_USER - 1;

/** Points of one block of the prefix sum: 4 a thread. */
export const BLOCK = 4 * GROUP;
/** Blocks whose sums one work-group adds up, and so the most points of a batch. */
export const MOST_POINTS = BLOCK * BLOCK;

/** Puts the cells that the processor found in their places: row, upper and lower half each. */
export const PATCH_WGSL = /* wgsl */ `
@group(0) @binding(0) var<uniform> count: vec4u;
@group(0) @binding(1) var<storage, read> patches: array<u32>;
@group(0) @binding(2) var<storage, read_write> cells: array<vec2u>;

@compute @workgroup_size(${GROUP})
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= count.x) { return; }
  let at = 3u * id.x;
  cells[patches[at]] = vec2u(patches[at + 1u], patches[at + 2u]);
}
`;

/**
 * Which points begin a check-in: 1 or 0. A run has one user and one cell and no gap that is longer than the
 * window; one thread walks it, since each check-in of it begins where the one before has ended. A check-in
 * that was open at the end of the batch before is carried on.
 */
export const RUNS_WGSL = /* wgsl */ `
struct Params { count: u32, windowMs: u32, carriedMs: u32, pad: u32, carried: vec2u }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> gaps: array<u32>;
@group(0) @binding(2) var<storage, read> cells: array<vec2u>;
@group(0) @binding(3) var<storage, read_write> begins: array<u32>;

fn beginsRun(i: u32) -> bool {
  return i == 0u || gaps[i] > params.windowMs || any(cells[i] != cells[i - 1u]);
}

@compute @workgroup_size(${GROUP})
fn main(@builtin(global_invocation_id) id: vec3u) {
  let start = id.x;
  if (start >= params.count || !beginsRun(start)) { return; }
  var elapsed = 0u;
  begins[start] = 1u;
  if (start == 0u && all(cells[0] == params.carried) && gaps[0] <= params.windowMs - params.carriedMs) {
    elapsed = params.carriedMs + gaps[0];
    begins[0] = 0u;
  }
  for (var i = start + 1u; i < params.count && !beginsRun(i); i++) {
    let isLate = gaps[i] > params.windowMs - elapsed;
    begins[i] = u32(isLate);
    elapsed = select(elapsed + gaps[i], 0u, isLate);
  }
}
`;

/** Sum of the threads before each of a work-group, in shared memory (Hillis and Steele). */
const SCAN_GROUP = /* wgsl */ `
var<workgroup> shared_: array<u32, ${GROUP}>;

fn sumBefore(thread: u32, value: u32) -> u32 {
  shared_[thread] = value;
  workgroupBarrier();
  for (var reach = 1u; reach < ${GROUP}u; reach *= 2u) {
    var more = 0u;
    if (thread >= reach) { more = shared_[thread - reach]; }
    workgroupBarrier();
    shared_[thread] += more;
    workgroupBarrier();
  }
  return shared_[thread] - value;
}`;

/**
 * Prefix sums inside blocks: a point's word becomes twice the number of check-ins that begin before it in its
 * block, plus 1 where one begins.
 */
export const SCAN_BLOCKS_WGSL = /* wgsl */ `
@group(0) @binding(0) var<uniform> count: vec4u;
@group(0) @binding(1) var<storage, read_write> begins: array<u32>;
@group(0) @binding(2) var<storage, read_write> sums: array<u32>;
${SCAN_GROUP}

@compute @workgroup_size(${GROUP})
fn main(@builtin(workgroup_id) block: vec3u, @builtin(local_invocation_index) thread: u32) {
  let start = block.x * ${BLOCK}u + thread * 4u;
  var own: array<u32, 4>;
  var sum = 0u;
  for (var k = 0u; k < 4u; k++) {
    own[k] = 0u;
    if (start + k < count.x) { own[k] = begins[start + k]; }
    sum += own[k];
  }
  var before = sumBefore(thread, sum);
  for (var k = 0u; k < 4u; k++) {
    if (start + k < count.x) { begins[start + k] = 2u * before + own[k]; }
    before += own[k];
  }
  if (thread == ${GROUP - 1}u) { sums[block.x] = before; }
}
`;

/** Prefix sums over the blocks, in place, and the number of check-ins behind them. */
export const SCAN_SUMS_WGSL = /* wgsl */ `
@group(0) @binding(0) var<uniform> count: vec4u;
@group(0) @binding(1) var<storage, read_write> sums: array<u32>;
${SCAN_GROUP}

@compute @workgroup_size(${GROUP})
fn main(@builtin(local_invocation_index) thread: u32) {
  let blocks = (count.x + ${BLOCK - 1}u) / ${BLOCK}u;
  let start = thread * 4u;
  var own: array<u32, 4>;
  var sum = 0u;
  for (var k = 0u; k < 4u; k++) {
    own[k] = 0u;
    if (start + k < blocks) { own[k] = sums[start + k]; }
    sum += own[k];
  }
  var before = sumBefore(thread, sum);
  for (var k = 0u; k < 4u; k++) {
    if (start + k < blocks) { sums[start + k] = before; }
    before += own[k];
  }
  if (thread == ${GROUP - 1}u) { sums[${BLOCK}] = before; }
}
`;
