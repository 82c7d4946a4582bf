import type { Shader } from "./shader";

const SIZE = 64;

/** What the shaders of attention are written for. */
export interface AttentionKind {
  /** Width of a head, a multiple of 4. */
  readonly D: number;
  /** Rows of one head that an invocation works on: each key is read once for all of them. */
  readonly rows: number;
  readonly isCausal: boolean;
}

const range = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const joinLines = (lines: readonly string[]): string => lines.join("\n");

/** A row of a head as vectors `name0`, `name1` ... */
const readRow = (kind: AttentionKind, name: string, buffer: string, at: string): string =>
  joinLines(range(kind.D / 4).map((n) => `let ${name}${n} = ${buffer}[${at} + ${n}u];`));

const declare = (kind: AttentionKind, name: string): string =>
  joinLines(range(kind.D / 4).map((n) => `var ${name}${n} = vec4f(0.0);`));

const dot = (kind: AttentionKind, a: string, b: string): string =>
  range(kind.D / 4)
    .map((n) => `dot(${a}${n}, ${b}${n})`)
    .join(" + ");

const each = (kind: AttentionKind, line: (n: number) => string): string =>
  joinLines(range(kind.D / 4).map(line));

const eachRow = (kind: AttentionKind, lines: (r: number) => string): string =>
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
function findRows({ D, rows }: AttentionKind): string {
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
const biasOf = (key: string): string =>
  `select(0.0, bias[select(0u, item * u.T + ${key}, u.hasBias == 1u)], u.hasBias == 1u)`;
const isSeen = ({ isCausal }: AttentionKind, query: string, key: string): string =>
  isCausal ? `${key} <= ${query}` : "true";
const endOfKeys = ({ isCausal, rows }: AttentionKind): string =>
  isCausal ? `t${rows - 1} + 1u` : "u.T";

/** Rows past the end repeat the last one; it is stored once. */
const storeRow = (
  kind: AttentionKind,
  r: number,
  to: string,
  from: (n: number) => string,
): string =>
  `if (${r === 0 ? "true" : `t${r} > t${r - 1}`}) { ${each(kind, (n) => `out[${to} + ${n}u] = ${from(n)};`)} }`;

const queryOf = (kind: AttentionKind, r: number): string =>
  each(
    kind,
    (n) => `let q${r}_${n} = projected[projected0 + t${r} * 3u * across + ${n}u] * u.scale;`,
  );

/**
 * Reads key and value of place `key`, and follows for each row its score, and its share relative to the largest
 * score so far. Where that grows, what was summed shrinks: inside a loop of one round, because a processor
 * that stands in for a graphics card runs both sides of an \`if\`.
 */
function followScores(kind: AttentionKind, sums: (r: number) => readonly string[]): string {
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

const readKeyAndValue = (kind: AttentionKind): string => `
  let keyBias = ${biasOf("key")};
  ${readRow(kind, "k", "projected", "projected0 + key * 3u * across + across")}
  ${readRow(kind, "v", "projected", "projected0 + key * 3u * across + 2u * across")}`;

/** [B, T, C]: softmax(q k / sqrt(D) + bias) v, a key after the other (Milakov and Gimelshein 2018). */
function writeAttention(kind: AttentionKind): Shader {
  const mixed = (r: number): string[] => range(kind.D / 4).map((n) => `m${r}_${n}`);
  return {
    label: `footfall-attention-${kind.D}-${kind.rows}`,
    buffers: { projected: "vec4f", bias: "f32", out: "mut vec4f" },
    numbers: NUMBERS,
    size: SIZE,
    body: `${findRows(kind)}
      ${eachRow(kind, (r) => `${queryOf(kind, r)} ${declare(kind, `m${r}_`)} var top${r} = -3e38; var total${r} = 0.0;`)}
      for (var key = 0u; key < ${endOfKeys(kind)}; key++) {
        ${readKeyAndValue(kind)}
        ${followScores(kind, mixed)}
        ${eachRow(kind, (r) => each(kind, (n) => `m${r}_${n} = fma(vec4f(share${r}), v${n}, m${r}_${n});`))}
      }
      ${eachRow(kind, (r) => storeRow(kind, r, `mixed0 + t${r} * across`, (n) => `m${r}_${n} / total${r}`))}`,
  };
}

/** Of each row of scores [B, H, T]: the logarithm of its sum, and the sum of share times gradient. */
function writeStatistics(kind: AttentionKind): Shader {
  return {
    label: `footfall-attention-statistics-${kind.D}-${kind.rows}`,
    buffers: { projected: "vec4f", bias: "f32", d: "vec4f", statistics: "mut vec2f" },
    numbers: NUMBERS,
    size: SIZE,
    body: `${findRows(kind)}
      ${eachRow(
        kind,
        (r) => `${queryOf(kind, r)} ${readRow(kind, `d${r}_`, "d", `mixed0 + t${r} * across`)}
        var top${r} = -3e38; var total${r} = 0.0; var along${r} = 0.0;`,
      )}
      for (var key = 0u; key < ${endOfKeys(kind)}; key++) {
        ${readKeyAndValue(kind)}
        ${followScores(kind, (r) => [`along${r}`])}
        ${eachRow(kind, (r) => `along${r} = fma(share${r}, ${dot(kind, `d${r}_`, "v")}, along${r});`)}
      }
      ${eachRow(kind, (r) => `statistics[row0 + t${r}] = vec2f(top${r} + log(total${r}), along${r} / total${r});`)}`,
  };
}

/** The gradient of the queries, into the first third of [B, T, 3C]. */
function writeQueryGradient(kind: AttentionKind): Shader {
  return {
    label: `footfall-attention-queries-${kind.D}-${kind.rows}`,
    buffers: {
      projected: "vec4f",
      bias: "f32",
      d: "vec4f",
      statistics: "vec2f",
      out: "mut vec4f",
    },
    numbers: NUMBERS,
    size: SIZE,
    body: `${findRows(kind)}
      ${eachRow(
        kind,
        (r) => `${queryOf(kind, r)} ${readRow(kind, `d${r}_`, "d", `mixed0 + t${r} * across`)}
        ${declare(kind, `g${r}_`)} let sums${r} = statistics[row0 + t${r}];`,
      )}
      for (var key = 0u; key < ${endOfKeys(kind)}; key++) {
        ${readKeyAndValue(kind)}
        ${eachRow(
          kind,
          (r) => `
          let share${r} = select(0.0, exp(${dot(kind, `q${r}_`, "k")} + keyBias - sums${r}.x), ${isSeen(kind, `t${r}`, "key")});
          let slope${r} = vec4f(share${r} * (${dot(kind, `d${r}_`, "v")} - sums${r}.y) * u.scale);
          ${each(kind, (n) => `g${r}_${n} = fma(slope${r}, k${n}, g${r}_${n});`)}`,
        )}
      }
      ${eachRow(kind, (r) => storeRow(kind, r, `projected0 + t${r} * 3u * across`, (n) => `g${r}_${n}`))}`,
  };
}

/** The gradients of keys and values, into the other thirds. Here the rows are those of keys. */
function writeKeyGradient(kind: AttentionKind): Shader {
  const startOfQueries = kind.isCausal ? "t0" : "0u";
  return {
    label: `footfall-attention-keys-${kind.D}-${kind.rows}`,
    buffers: {
      projected: "vec4f",
      bias: "f32",
      d: "vec4f",
      statistics: "vec2f",
      out: "mut vec4f",
    },
    numbers: NUMBERS,
    size: SIZE,
    body: `${findRows(kind)}
      ${eachRow(
        kind,
        (r) => `
        ${readRow(kind, `k${r}_`, "projected", `projected0 + t${r} * 3u * across + across`)}
        ${readRow(kind, `v${r}_`, "projected", `projected0 + t${r} * 3u * across + 2u * across`)}
        ${declare(kind, `gk${r}_`)} ${declare(kind, `gv${r}_`)} let bias${r} = ${biasOf(`t${r}`)};`,
      )}
      for (var query = ${startOfQueries}; query < u.T; query++) {
        ${each(kind, (n) => `let q${n} = projected[projected0 + query * 3u * across + ${n}u] * u.scale;`)}
        ${readRow(kind, "d", "d", "mixed0 + query * across")}
        let sums = statistics[row0 + query];
        ${eachRow(
          kind,
          (r) => `
          let share${r} = select(0.0, exp(${dot(kind, "q", `k${r}_`)} + bias${r} - sums.x), ${isSeen(kind, "query", `t${r}`)});
          let slope${r} = vec4f(share${r} * (${dot(kind, "d", `v${r}_`)} - sums.y));
          ${each(kind, (n) => `gk${r}_${n} = fma(slope${r}, q${n}, gk${r}_${n});`)}
          ${each(kind, (n) => `gv${r}_${n} = fma(vec4f(share${r}), d${n}, gv${r}_${n});`)}`,
        )}
      }
      ${eachRow(kind, (r) => storeRow(kind, r, `projected0 + t${r} * 3u * across + across`, (n) => `gk${r}_${n}`))}
      ${eachRow(kind, (r) => storeRow(kind, r, `projected0 + t${r} * 3u * across + 2u * across`, (n) => `gv${r}_${n}`))}`,
  };
}

/** The shaders of one kind of attention. */
export interface AttentionShaders {
  readonly forward: Shader;
  readonly statistics: Shader;
  readonly queries: Shader;
  readonly keys: Shader;
}

const known = new Map<string, AttentionShaders>();

/** The shaders of a kind, the same ones each time. */
export function attentionShaders(kind: AttentionKind): AttentionShaders {
  const key = `${kind.D} ${kind.rows} ${kind.isCausal}`;
  const shaders = known.get(key) ?? {
    forward: writeAttention(kind),
    statistics: writeStatistics(kind),
    queries: writeQueryGradient(kind),
    keys: writeKeyGradient(kind),
  };
  known.set(key, shaders);
  return shaders;
}
