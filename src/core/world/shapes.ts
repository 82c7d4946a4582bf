/** The simulated countries: one with the coast and the cities of Japan, and one where these are invented, too. */
export const COUNTRY_SHAPES = ["japan", "archipelago"] as const;
export type CountryShape = (typeof COUNTRY_SHAPES)[number];

/** What a country of each shape is called after the word "simulated". */
export const SHAPE_NOUNS: Readonly<Record<CountryShape, string>> = {
  japan: "country",
  archipelago: "archipelago",
};
