import { DROPOUT_NUMBERS, DROPOUT_WGSL } from "./dropout.wgsl";

const SIZE = 64;

/** What the shaders of attention are written for. */
export interface AttentionKind {
  /** Width of a head, a multiple of 4. */
  readonly D: number;
  /** Rows of one head that an invocation works on: each key is read once for all of them. */
  readonly rows: number;
  readonly isCausal: boolean;
  /** Whether shares are dropped; places then come in whole vectors of four. */
  readonly isDropped: boolean;
}

export const range = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const joinLines = (lines: readonly string[]): string => lines.join("\n");

/** A row of a head as vectors `name0`, `name1` ... */
export const readRow = (kind: AttentionKind, name: string, buffer: string, at: string): string =>
  joinLines(range(kind.D / 4).map((n) => `let ${name}${n} = ${buffer}[${at} + ${n}u];`));

export const declare = (kind: AttentionKind, name: string): string =>
  joinLines(range(kind.D / 4).map((n) => `var ${name}${n} = vec4f(0.0);`));

export const dot = (kind: AttentionKind, a: string, b: string): string =>
  range(kind.D / 4)
    .map((n) => `dot(${a}${n}, ${b}${n})`)
    .join(" + ");

export const each = (kind: AttentionKind, line: (n: number) => string): string =>
  joinLines(range(kind.D / 4).map(line));

export const eachRow = (kind: AttentionKind, lines: (r: number) => string): string =>
  joinLines(range(kind.rows).map((r) => `// row ${r}\n${lines(r)}`));

const NUMBERS = {
  count: "u32",
  T: "u32",
  H: "u32",
  hasBias: "u32",
  scale: "f32",
} as const;

/**
 * An invocation's rows t0 ... of one head and item. `projected0` is where the head's queries of the item begin in
 * [B, T, 3C], `mixed0` where the head begins in [B, T, C], both in vectors; `row0` its rows in [B, H, T].
 */
export function findRows({ D, rows }: AttentionKind): string {
  return `
    let at = group * ${SIZE}u + lane;
    if (at >= u.count) { return; }
    let blocks = (u.T + ${rows - 1}u) / ${rows}u;
    let head = at / blocks % u.H;
    let item = at / blocks / u.H;
    let across = u.H * ${D / 4}u;
    let projected0 = item * u.T * 3u * across + head * ${D / 4}u;
    let mixed0 = item * u.T * across + head * ${D / 4}u;
    let row0 = (item * u.H + head) * u.T;
    ${joinLines(range(rows).map((r) => `let t${r} = min(at % blocks * ${rows}u + ${r}u, u.T - 1u);`))}`;
}

/** The bias of a key, and the end of the keys that the last row sees. */
export const biasOf = (key: string): string =>
  `select(0.0, bias[select(0u, item * u.T + ${key}, u.hasBias == 1u)], u.hasBias == 1u)`;
export const isSeen = ({ isCausal }: AttentionKind, query: string, key: string): string =>
  isCausal ? `${key} <= ${query}` : "true";
export const endOfKeys = ({ isCausal, rows }: AttentionKind): string =>
  isCausal ? `t${rows - 1} + 1u` : "u.T";

/** What row r's share of a key is multiplied by, as `factor`; words of the generator serve eight keys in a row. */
export function followFactors(kind: AttentionKind, r: number): string {
  if (!kind.isDropped) return "";
  return `
    let value${r} = (row0 + t${r}) * u.T + key;
    for (; block${r} != value${r} / 8u; block${r} = value${r} / 8u) { words${r} = dropoutWords(value${r} / 8u); }
    let factor${r} = dropoutFactor(words${r}, value${r});`;
}

export const startFactors = ({ isDropped }: AttentionKind, r: number): string =>
  isDropped ? `var block${r} = 0xffffffffu; var words${r} = vec4u(0u);` : "";

/** A value times the factor of row r. */
export const dropped = ({ isDropped }: AttentionKind, r: number, value: string): string =>
  isDropped ? `(${value}) * factor${r}` : value;

/** Rows past the end repeat the last one; it is stored once. */
export const storeRow = (
  kind: AttentionKind,
  r: number,
  to: string,
  from: (n: number) => string,
): string =>
  `if (${r === 0 ? "true" : `t${r} > t${r - 1}`}) { ${each(kind, (n) => `out[${to} + ${n}u] = ${from(n)};`)} }`;

export const queryOf = (kind: AttentionKind, r: number): string =>
  each(
    kind,
    (n) => `let q${r}_${n} = projected[projected0 + t${r} * 3u * across + ${n}u] * u.scale;`,
  );

/**
 * Reads key and value of place `key`, and follows for each row its score, and its share relative to the largest
 * score so far. Where that grows, what was summed shrinks: inside a loop of one round, because a processor
 * that stands in for a graphics card runs both sides of an \`if\`.
 */
export function followScores(kind: AttentionKind, sums: (r: number) => readonly string[]): string {
  return eachRow(
    kind,
    (r) => `
      let s${r} = select(-3e38, ${dot(kind, `q${r}_`, "k")} + keyBias, ${isSeen(kind, `t${r}`, "key")});
      for (; s${r} > top${r}; top${r} = s${r}) {
        let shrunk = exp(top${r} - s${r});
        total${r} *= shrunk;
        ${joinLines(sums(r).map((sum) => `${sum} *= shrunk;`))}
      }
      let share${r} = exp(s${r} - top${r});
      total${r} += share${r};`,
  );
}

export const readKeyAndValue = (kind: AttentionKind): string => `
  let keyBias = ${biasOf("key")};
  ${readRow(kind, "k", "projected", "projected0 + key * 3u * across + across")}
  ${readRow(kind, "v", "projected", "projected0 + key * 3u * across + 2u * across")}`;

/** What all of them share: the numbers, and the generator where shares are dropped. */
export const sharedBy = ({ isDropped }: AttentionKind) => ({
  numbers: isDropped ? { ...NUMBERS, ...DROPOUT_NUMBERS } : NUMBERS,
  size: SIZE,
  shared: isDropped ? DROPOUT_WGSL : "",
});
