import { closeSync, openSync, writeSync } from "node:fs";
import { createRandom, type Random } from "../../../core/random";

/** What a made file holds. */
export interface WalkFile {
  bytes: number;
  rows: number;
  users: number;
}

/** One person a day at a point every five minutes for two weeks. */
const SLOT_MS = 300_000;
const SLOTS = 14 * 288;
const BYTES_PER_ROW = 44;
const FROM_MS = Date.UTC(2024, 2, 1);
const BATCH_CHARACTERS = 1 << 20;
/** Middles of some towns, in which people have their places. */
const TOWNS = [
  [35.68, 139.76],
  [34.69, 135.5],
  [35.17, 136.9],
  [43.06, 141.35],
  [33.59, 130.4],
  [38.27, 140.87],
] as const;
const PLACES = 8;
/** How far places lie from the middle of their town, and fixes from their place, in degrees. */
const TOWN_DEG = 0.08;
const FIX_DEG = 0.0002;
/** Chance of moving on at each slot: stays of about fifty minutes. */
const MOVE_CHANCE = 0.1;

interface Walker {
  name: string;
  /** Latitude and longitude of each place. */
  places: number[];
  at: number;
}

function createWalker(random: Random, index: number): Walker {
  const [lat, lng] = TOWNS[random.integer(TOWNS.length)]!;
  const places = Array.from({ length: PLACES }, () => [
    lat + TOWN_DEG * random.normal(),
    lng + TOWN_DEG * random.normal(),
  ]);
  return { name: `d${String(index).padStart(6, "0")}`, places: places.flat(), at: 0 };
}

/** The row of a person at a moment. */
function rowOf(walker: Walker, time: string, random: Random): string {
  if (random.uniform() < MOVE_CHANCE) walker.at = random.integer(PLACES);
  const lat = walker.places[2 * walker.at]! + FIX_DEG * (random.uniform() - 0.5);
  const lng = walker.places[2 * walker.at + 1]! + FIX_DEG * (random.uniform() - 0.5);
  return `${walker.name},${time},${lat.toFixed(5)},${lng.toFixed(5)}\n`;
}

/**
 * Writes a CSV of about so many bytes: people with eight places each, of whom all send a point every five
 * minutes, so that the rows stand in the order of time and the people are mixed up, as a log has them. There
 * are as many people as the size asks for; the same size and seed give the same file.
 */
export function writeWalks(path: string, bytes: number, seed: number): WalkFile {
  const random = createRandom(seed, "walks");
  const users = Math.max(1, Math.round(bytes / BYTES_PER_ROW / SLOTS));
  const walkers = Array.from({ length: users }, (_, index) => createWalker(random, index));
  const file = openSync(path, "w");
  const made = { bytes: 0, rows: 0, users };
  let batch = "user,time,lat,lng\n";
  const flush = (): void => {
    made.bytes += writeSync(file, batch);
    batch = "";
  };
  for (let slot = 0; slot < SLOTS; slot++) {
    const time = new Date(FROM_MS + slot * SLOT_MS).toISOString().replace(".000", "");
    for (const walker of walkers) batch += rowOf(walker, time, random);
    made.rows += users;
    if (batch.length > BATCH_CHARACTERS) flush();
  }
  flush();
  closeSync(file);
  return made;
}
