/**
 * What the threads of one engine share besides the memory of tensors: a page of words that they agree by, and a
 * tape of the calls that belong to the job at hand.
 */

/** Numbers of the words; those that many threads write lie on lines of their own. */
export interface Words {
  /** Number of the job in the upper bits, and of its next part in the lower ones. */
  readonly ticket: number;
  /** Parts that are finished. */
  readonly done: number;
  /** Number of the job; who has nothing to do waits for it to change. */
  readonly job: number;
  /** Modules of kernels that there are. */
  readonly modules: number;
  /** Of the job: how many parts it has, whose kernels, where scratch memory begins, its bytes for a thread. */
  readonly parts: number;
  readonly module: number;
  readonly scratch: number;
  readonly scratchBytes: number;
  /** First of the words in which each helper tells how many modules it has. */
  readonly ready: number;
  /** First of the words that say where the parts begin on the tape. */
  readonly starts: number;
}

export const WORDS: Words = {
  ticket: 0,
  done: 16,
  job: 32,
  modules: 48,
  parts: 64,
  module: 65,
  scratch: 66,
  scratchBytes: 67,
  ready: 80,
  starts: 112,
};

/** Threads that can be, the calling one included. */
export const MAX_THREADS = 32;
/** Parts of one job. */
export const MAX_PARTS = 128;
/** Bits of a ticket that number the parts. */
export const PART_BITS = 8;
/** A part that no job has. */
export const NO_PART = 2 ** PART_BITS - 1;
/** The job's number is what fits beside them. */
export const JOB_MASK = 2 ** (32 - PART_BITS) - 1;
/** A call on the tape: the function's number and its arguments; no kernel has more. */
export const CALL_FLOATS = 16;
/** Calls that fit on the tape. */
export const TAPE_CALLS = 4096;
const TAPE_AT = 1024;

/** An argument from here on is an address in the thread's own scratch memory; no address is that large. */
export const OWN_SCRATCH = 2 ** 40;

/** The shared page: words, and the tape behind them. */
export interface Board {
  readonly words: Int32Array;
  readonly tape: Float64Array;
}

/** A new page, all zeros. */
export function createBoard(): Board {
  const buffer = new SharedArrayBuffer(TAPE_AT + TAPE_CALLS * CALL_FLOATS * 8);
  return { words: new Int32Array(buffer, 0, TAPE_AT / 4), tape: new Float64Array(buffer, TAPE_AT) };
}
