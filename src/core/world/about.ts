/* What the page says wherever the simulated country appears. */

/** How the country and its residents were made, in plain words, a paragraph each. */
export const ABOUT_MADE: readonly string[] = [
  "This country is simulated. No real person is in it.",
  "The land has the shape of Japan: the hexagons of about 0.65 km² whose centre lies inside Natural Earth's coastline. The cities are real in name, place and population (GeoNames, CC BY 4.0). Everything else is made by a program from one number, the seed: smaller towns, hills, land cover, borders and every person.",
  "People per hexagon fall off with the distance from each city and town and thin out on hills. Built-up land follows people, trees follow hills and emptiness, crops take most of the rest, and lakes lie anywhere, by chance alone. A prefecture is the land nearest to its real cities, larger ones reaching farther; a municipality is the land nearest to one city or town.",
  "Each resident lives somewhere for the month of May 2023, with Japan's weekends and holidays. Two in three go to work on weekdays. For other visits they return to a place they know or explore a new one, by published rules of human mobility: new places become rarer with time, and near or busy ones are likelier. On some weekends and holidays they travel far, to woods or to the coast. Long ways follow lines between cities, and the phone reports some points along each way.",
  "A phone reports on about twelve days of the month, trips before ordinary days, and never more than 62 times, so that a month fits into one sequence.",
];

/** What must not be concluded from it. */
export const ABOUT_LIMITS: readonly string[] = [
  "It is not a model of Japan. Homes are spread far more evenly than people are, so that every region is seen; borders, towns, hills and land cover are invented and do not match a map.",
  "Land cover follows people and hills because the program says so. That a model finds built-up land or trees from movement shows that the method works, not that it would work on real people.",
  "The daily routine, the way to work, the leisure trips and the lines between cities were written by hand, not fitted to data. There are no shops, schools, seasons, families or events.",
];
