/** Labelled spans of users' time (GeoLife's means of transport), as columns of one length. */
export interface LabelledSpans {
  /** Names as everything written has them; spans of users without a point are left out. */
  user: string[];
  fromMs: number[];
  toMs: number[];
  label: string[];
}

/** How much of one label there is. */
export interface LabelCount {
  label: string;
  spans: number;
  users: number;
  hours: number;
}

interface Span {
  user: string;
  fromMs: number;
  toMs: number;
  label: string;
}

/** Collects spans by the files' own names. */
export class LabelCollector {
  readonly #spans: Span[] = [];

  add(user: string, fromMs: number, toMs: number, label: string): void {
    this.#spans.push({ user, fromMs, toMs, label });
  }

  /** The spans under the users' new names. */
  build(users: ReadonlyMap<string, number>, names: readonly string[]): LabelledSpans {
    const known = this.#spans.filter(({ user }) => users.has(user));
    return {
      user: known.map(({ user }) => names[users.get(user)!]!),
      fromMs: known.map(({ fromMs }) => fromMs),
      toMs: known.map(({ toMs }) => toMs),
      label: known.map(({ label }) => label),
    };
  }
}

/** Spans, users and hours of each label, the longest first. */
export function countLabels({ user, fromMs, toMs, label }: LabelledSpans): LabelCount[] {
  const counts = new Map<string, { spans: number; users: Set<string>; ms: number }>();
  label.forEach((name, i) => {
    const count = counts.get(name) ?? { spans: 0, users: new Set<string>(), ms: 0 };
    count.spans++;
    count.users.add(user[i]!);
    count.ms += toMs[i]! - fromMs[i]!;
    counts.set(name, count);
  });
  return [...counts]
    .map(([name, { spans, users, ms }]) => {
      return { label: name, spans, users: users.size, hours: Math.round(ms / 36_000) / 100 };
    })
    .sort((a, b) => b.hours - a.hours);
}
