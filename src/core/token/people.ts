/** Trajectories as far as their people are numbered by them. */
export interface PeopleOfTrajectories {
  /** Whose each is, counted from 0. */
  readonly person: ArrayLike<number>; // [n]
  readonly offsets: ArrayLike<number>; // [n + 1]
  /** 0 for training. */
  readonly parts: ArrayLike<number>; // [n]
}

/**
 * The numbers that user tokens have: 1 to `count` for the people with the most check-ins in the training part, the
 * first of equals first; 0 for everybody else, also for people who are in no training trajectory.
 * @returns of each trajectory, [n]
 */
export function numberPeople(
  { person, offsets, parts }: PeopleOfTrajectories,
  count: number,
): Uint16Array {
  const checkIns = new Map<number, number>();
  for (let k = 0; k < parts.length; k++) {
    if (parts[k] !== 0) continue;
    checkIns.set(person[k]!, (checkIns.get(person[k]!) ?? 0) + offsets[k + 1]! - offsets[k]!);
  }
  const ranked = [...checkIns].sort(([p, a], [q, b]) => b - a || p - q).slice(0, count);
  const numbers = new Map(ranked.map(([one], rank) => [one, rank + 1]));
  return Uint16Array.from({ length: parts.length }, (_, k) => numbers.get(person[k]!) ?? 0);
}
