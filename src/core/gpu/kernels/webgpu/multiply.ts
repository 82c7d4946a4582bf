import type * as tf from "@tensorflow/tfjs-core";
import { groupsOf } from "./elementwise.wgsl";
import type { ProductKind } from "./product.wgsl";
import { JOIN_PARTS, TURN, productShader, tileOf } from "./product.wgsl";
import type { GpuCall } from "./shader";

export type Numbers = Record<string, number>;

/** An operand or a result: where it begins and how far its rows are apart, in floats. */
interface Place {
  readonly tensor: tf.TensorInfo;
  readonly start: number;
  readonly row: number;
}

/** A product [M, terms] x [terms, N]. */
export interface Product {
  readonly M: number;
  readonly N: number;
  readonly terms: number;
  /** "columns" where the first operand lies turned, [terms, M]. */
  readonly form: ProductKind["form"];
  readonly a: Place;
  readonly b: Place & { readonly isHalf?: boolean };
  readonly out: Place;
  readonly bias?: { readonly tensor: tf.TensorInfo; readonly start: number };
  /** Whether the product is added to what is there. */
  readonly adds?: boolean;
  /** Whether GELU follows. */
  readonly bends?: boolean;
}

/** Groups from which a graphics card is busy; a processor's few cores are sooner. */
const MANY_GROUPS = { hardware: 256, software: 16 } as const;

/** A sum is not cut into shorter parts than this. */
const SHORTEST_PART = 128;

export const roundUp = (count: number, unit: number): number => Math.ceil(count / unit) * unit;

interface Plan {
  readonly kind: ProductKind;
  readonly groups: number;
  readonly partCount: number;
  readonly perPart: number;
}

const WIDTHS = [16, 8, 4] as const;

/** The tile that covers a result with the least left over, wide ones first: their reads lie side by side. */
function chooseTile(M: number, N: number, each: 4 | 8) {
  const tiles = WIDTHS.map((across) => {
    const { rows, columns } = tileOf(each, across);
    const groups = Math.ceil(M / rows) * Math.ceil(N / columns);
    return { each, across, groups };
  });
  return tiles.reduce((best, tile) => (tile.groups < best.groups ? tile : best));
}

/**
 * Large tiles need the fewest reads, but a graphics card wants many groups; a program on the processor does not,
 * and each of its reads costs as much as ten multiplications.
 */
function plan(product: Product, isSoftware: boolean): Plan {
  const { M, N, terms, form, b, out } = product;
  const many = isSoftware ? MANY_GROUPS.software : MANY_GROUPS.hardware;
  const large = chooseTile(M, N, 8);
  const { each, across, groups } = isSoftware || large.groups >= many ? large : chooseTile(M, N, 4);
  const isWide = [N, b.start, b.row, out.start, out.row].every((size) => size % 4 === 0);
  const layout = b.isHalf === true ? "half" : isWide ? "wide" : "narrow";
  const most = Math.max(1, Math.floor(terms / SHORTEST_PART));
  const perPart = roundUp(Math.ceil(terms / Math.min(most, Math.ceil(many / groups))), 4);
  const partCount = Math.ceil(terms / perPart);
  const bends = product.bends === true && partCount === 1; // else the parts are joined first
  return {
    kind: { form, each, across, layout, bends },
    groups: groups * partCount,
    partCount,
    perPart,
  };
}

/** Runs a product, cut into parts of its sum where there are few tiles. */
export function multiply(call: GpuCall, product: Product): void {
  const { M, N, terms, a, b, out, bias } = product;
  const { kind, groups, partCount, perPart } = plan(product, call.traits.isSoftware);
  const isCut = partCount > 1;
  const to = isCut ? { tensor: call.make([partCount, M, N]), start: 0, row: N } : out;
  const ending = {
    hasBias: bias === undefined ? 0 : 1,
    biasStart: bias?.start ?? 0,
    adds: product.adds === true ? 1 : 0,
  };
  const numbers = {
    M,
    N,
    terms,
    perPart,
    aStart: a.start,
    aRow: a.row,
    bStart: b.start,
    bRow: b.row,
    outStart: to.start,
    outRow: to.row,
    outPart: M * N,
    ...(isCut ? { hasBias: 0, biasStart: 0, adds: 0 } : ending),
  };
  const biasTensor = bias?.tensor ?? a.tensor;
  const buffers = { a: a.tensor, b: b.tensor, bias: biasTensor, out: to.tensor };
  call.run(productShader(kind), buffers, numbers, groups);
  if (!isCut) return;
  const place = { count: M * N, N, partCount, outStart: out.start, outRow: out.row };
  const joined = { parts: to.tensor, bias: biasTensor, out: out.tensor };
  const bends = product.bends === true ? 1 : 0;
  call.run(JOIN_PARTS, joined, { ...place, ...ending, bends }, groupsOf(M * N));
  call.free(to.tensor);
}

/** Some rows of a matrix as the columns of another, filled up with zeros to whole vectors; the caller frees it. */
export function turn(
  call: GpuCall,
  x: tf.TensorInfo,
  { start, rows, columns }: { start: number; rows: number; columns: number },
): Place {
  const width = roundUp(rows, 4);
  const tensor = call.make([columns, width]);
  const count = (width / 4) * columns;
  call.run(TURN, { x, out: tensor }, { rows, columns, width, start }, groupsOf(count));
  return { tensor, start: 0, row: width };
}
