/** Fields of the simulated country that can be inferred, with the names that the page gives them. */
export const COUNTRY_FIELDS = {
  population: { title: "Population", scale: "decile", unit: "people per cell" },
  builtUp: { title: "Built-up land", scale: "share", unit: "share of the cell" },
  trees: { title: "Tree cover", scale: "share", unit: "share of the cell" },
  water: { title: "Water", scale: "share", unit: "share of the cell" },
} as const;

export type CountryField = keyof typeof COUNTRY_FIELDS;
