import type { AttentionKind } from "./attention-parts.wgsl";
import {
  biasOf,
  declare,
  dot,
  dropped,
  each,
  eachRow,
  endOfKeys,
  findRows,
  followFactors,
  followScores,
  isSeen,
  queryOf,
  range,
  readKeyAndValue,
  readRow,
  sharedBy,
  startFactors,
  storeRow,
} from "./attention-parts.wgsl";
import type { Shader } from "./shader";

/** [B, T, C]: softmax(q k / sqrt(D) + bias) v, a key after the other (Milakov and Gimelshein 2018). */
function writeAttention(kind: AttentionKind): Shader {
  const mixed = (r: number): string[] => range(kind.D / 4).map((n) => `m${r}_${n}`);
  return {
    label: `footfall-attention-mix-${kind.D}-${kind.rows}`,
    buffers: { projected: "vec4f", bias: "f32", out: "mut vec4f" },
    ...sharedBy(kind),
    body: `${findRows(kind)}
      ${eachRow(kind, (r) => `${queryOf(kind, r)} ${declare(kind, `m${r}_`)} var top${r} = -3e38; var total${r} = 0.0; ${startFactors(kind, r)}`)}
      for (var key = 0u; key < ${endOfKeys(kind)}; key++) {
        ${readKeyAndValue(kind)}
        ${followScores(kind, mixed)}
        ${eachRow(
          kind,
          (r) => `${followFactors(kind, r)}
          let weight${r} = vec4f(${dropped(kind, r, `share${r}`)});
          ${each(kind, (n) => `m${r}_${n} = fma(weight${r}, v${n}, m${r}_${n});`)}`,
        )}
      }
      ${eachRow(kind, (r) => storeRow(kind, r, `mixed0 + t${r} * across`, (n) => `m${r}_${n} / total${r}`))}`,
  };
}

/** Of each row of scores [B, H, T]: the logarithm of its sum, and the sum of share times gradient. */
function writeStatistics(kind: AttentionKind): Shader {
  return {
    label: `footfall-attention-statistics-${kind.D}-${kind.rows}`,
    buffers: { projected: "vec4f", bias: "f32", d: "vec4f", statistics: "mut vec2f" },
    ...sharedBy(kind),
    body: `${findRows(kind)}
      ${eachRow(
        kind,
        (r) => `${queryOf(kind, r)} ${readRow(kind, `d${r}_`, "d", `mixed0 + t${r} * across`)}
        var top${r} = -3e38; var total${r} = 0.0; var along${r} = 0.0; ${startFactors(kind, r)}`,
      )}
      for (var key = 0u; key < ${endOfKeys(kind)}; key++) {
        ${readKeyAndValue(kind)}
        ${followScores(kind, (r) => [`along${r}`])}
        ${eachRow(
          kind,
          (r) => `${followFactors(kind, r)}
          along${r} = fma(share${r}, ${dropped(kind, r, dot(kind, `d${r}_`, "v"))}, along${r});`,
        )}
      }
      ${eachRow(kind, (r) => `statistics[row0 + t${r}] = vec2f(top${r} + log(total${r}), along${r} / total${r});`)}`,
  };
}

const BACK_BUFFERS = {
  projected: "vec4f",
  bias: "f32",
  d: "vec4f",
  statistics: "vec2f",
  out: "mut vec4f",
} as const;

/** The gradient of the queries, into the first third of [B, T, 3C]. */
function writeQueryGradient(kind: AttentionKind): Shader {
  return {
    label: `footfall-attention-queries-${kind.D}-${kind.rows}`,
    buffers: BACK_BUFFERS,
    ...sharedBy(kind),
    body: `${findRows(kind)}
      ${eachRow(
        kind,
        (r) => `${queryOf(kind, r)} ${readRow(kind, `d${r}_`, "d", `mixed0 + t${r} * across`)}
        ${declare(kind, `g${r}_`)} let sums${r} = statistics[row0 + t${r}]; ${startFactors(kind, r)}`,
      )}
      for (var key = 0u; key < ${endOfKeys(kind)}; key++) {
        ${readKeyAndValue(kind)}
        ${eachRow(
          kind,
          (r) => `${followFactors(kind, r)}
          let share${r} = select(0.0, exp(${dot(kind, `q${r}_`, "k")} + keyBias - sums${r}.x), ${isSeen(kind, `t${r}`, "key")});
          let slope${r} = vec4f(share${r} * (${dropped(kind, r, dot(kind, `d${r}_`, "v"))} - sums${r}.y) * u.scale);
          ${each(kind, (n) => `g${r}_${n} = fma(slope${r}, k${n}, g${r}_${n});`)}`,
        )}
      }
      ${eachRow(kind, (r) => storeRow(kind, r, `projected0 + t${r} * 3u * across`, (n) => `g${r}_${n}`))}`,
  };
}

/**
 * The gradients of keys and values, into the other thirds. Here the rows are those of keys, at most four, which
 * the same words of the generator drop.
 */
function writeKeyGradient(kind: AttentionKind): Shader {
  const startOfQueries = kind.isCausal ? "t0" : "0u";
  return {
    label: `footfall-attention-keys-${kind.D}-${kind.rows}`,
    buffers: BACK_BUFFERS,
    ...sharedBy(kind),
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
        ${kind.isDropped ? "let words = dropoutWords(((row0 + query) * u.T + t0) / 8u);" : ""}
        ${eachRow(
          kind,
          (r) => `
          let share${r} = select(0.0, exp(${dot(kind, "q", `k${r}_`)} + bias${r} - sums.x), ${isSeen(kind, "query", `t${r}`)});
          ${kind.isDropped ? `let factor${r} = dropoutFactor(words, (row0 + query) * u.T + t${r});` : ""}
          let slope${r} = vec4f(share${r} * (${dropped(kind, r, dot(kind, "d", `v${r}_`))} - sums.y));
          let weight${r} = vec4f(${dropped(kind, r, `share${r}`)});
          ${each(kind, (n) => `gk${r}_${n} = fma(slope${r}, q${n}, gk${r}_${n});`)}
          ${each(kind, (n) => `gv${r}_${n} = fma(weight${r}, d${n}, gv${r}_${n});`)}`,
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
  const key = Object.values(kind).join();
  const shaders = known.get(key) ?? {
    forward: writeAttention(kind),
    statistics: writeStatistics(kind),
    queries: writeQueryGradient(kind),
    keys: writeKeyGradient(kind),
  };
  known.set(key, shaders);
  return shaders;
}
