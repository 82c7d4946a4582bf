/**
 * What must stand wherever something about persons is inferred (PV-09). Paper 1, line 219, names the example of
 * mental health guessed from greenery.
 */
export const SENSITIVE_INFERENCE =
  "Guesses about people can hurt them. Where somebody goes says something about health, faith, money and company, and paper 1 itself warns that exposure to greenery could be misused to infer mental health. A score here tells how well a label follows from cells, not who anybody is: do not use it to decide about a person, and do not publish guesses about few people.";

/** Tasks whose answers are about a person’s life. */
export const SENSITIVE_TASKS: readonly string[] = [
  "greenery",
  "greenery-grass",
  "greenery-dwell",
  "travel-prefecture",
  "travel-region",
  "diversity",
  "trip-length",
  "same-user",
  "destination",
];

/** What must be said beside the answers of a task; undefined for one that is not about people. */
export const warningOf = (task: string): string | undefined =>
  SENSITIVE_TASKS.includes(task) ? SENSITIVE_INFERENCE : undefined;
