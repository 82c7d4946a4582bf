/* What the page says wherever the simulated country appears. */

import type { CountryShape } from "./shapes";

/** What each shape has from outside the simulation, and what not. */
const ABOUT_LAND: Readonly<Record<CountryShape, string>> = {
  japan:
    "The land has the shape of Japan: the hexagons of about 0.65 km² whose centre lies inside Natural Earth's coastline. The cities are real in name, place and population (GeoNames, CC BY 4.0). Everything else is made by a program from one number, the seed: smaller towns, hills, land cover, borders and every person.",
  archipelago:
    "Nothing of it is on any map: the islands are drawn by chance into the open ocean between Hawaii and Alaska, and their 400 cities, 24 prefectures, six regions and all names are invented. These are the same for every seed; smaller towns, hills, land cover, borders and every person are made by a program from one number, the seed.",
};

/** How the people of any shape were made, in plain words, a paragraph each. */
const ABOUT_MADE: readonly string[] = [
  "People per hexagon fall off with the distance from each city and town and thin out on hills. Built-up land follows people, trees follow hills and emptiness, crops take most of the rest, and lakes lie anywhere, by chance alone. A prefecture is the land nearest to its cities, larger ones reaching farther; a municipality is the land nearest to one city or town.",
  "Each resident lives somewhere for the month of May 2023, with Japan's weekends and holidays. Two in three go to work on weekdays. For other visits they return to a place they know or explore a new one, by published rules of human mobility: new places become rarer with time, and near or busy ones are likelier. On some weekends and holidays they travel far, to woods or to the coast. Long ways follow lines between cities, and the phone reports some points along each way.",
  "A phone reports on about twelve days of the month, trips before ordinary days, and never more than 62 times, so that a month fits into one sequence.",
];

/** What must not be concluded from it. */
const ABOUT_LIMITS: readonly string[] = [
  "It is not a model of Japan, nor of any country. Homes are spread far more evenly than people are, so that every region is seen; borders, towns, hills and land cover are invented and do not match a map.",
  "Land cover follows people and hills because the program says so. That a model finds built-up land or trees from movement shows that the method works, not that it would work on real people.",
  "The daily routine, the way to work, the leisure trips and the lines between cities were written by hand, not fitted to data. There are no shops, schools, seasons, families or events.",
];

/** How a country and its residents were made and what they cannot show, a paragraph each. */
export const aboutCountry = (shape: CountryShape = "japan"): string[] => [
  "This country is simulated. No real person is in it.",
  ABOUT_LAND[shape],
  ...ABOUT_MADE,
  ...ABOUT_LIMITS,
];
