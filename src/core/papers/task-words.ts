/** What a task is called in a sentence. */
export const TASK_WORDS: Readonly<Record<string, string>> = {
  location: "geographic location",
  population: "population",
  prefecture: "prefecture",
  region: "region",
  municipality: "municipality class",
  "built-up": "built-up land",
  trees: "tree cover",
  water: "water",
  diversity: "geographic diversity",
  "trip-length": "trip length",
  "travel-prefecture": "cross-prefecture travel",
  "travel-region": "cross-region travel",
  greenery: "exposure to greenery",
  follows: "next sub-trajectory",
  destination: "destination",
  "same-user": "same user or not",
};
