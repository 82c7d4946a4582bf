import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRandom } from "../../random";
import {
  disturbCells,
  disturbQuestion,
  dropSome,
  moveAll,
  replaceSome,
  type Disturb,
} from "./disturb";
import type { Question } from "./questions";

const QUESTION: Question = {
  cells: Uint32Array.from({ length: 200 }, (_, i) => 1000 + i),
  hours: Uint8Array.from({ length: 200 }, (_, i) => i % 168),
  target: 7,
  hidden: [3, 100],
};
const STRANGER = Uint32Array.of(5, 6);
const NOISES: Readonly<Record<string, (level: number) => Disturb>> = {
  "check-ins are missing": dropSome,
  "check-ins are another person's": (level) => replaceSome(level, () => STRANGER),
  "check-ins are moved": (level) => moveAll(level, (cell, east) => cell + (east > 0 ? 1 : 0)),
};

describe.each(Object.entries(NOISES))("%s", (_, noise) => {
  const disturb = (level: number): Question =>
    disturbQuestion(QUESTION, noise(level), createRandom(1, "noise"));

  test("the hidden ones stay what and when they were, whatever the level", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (level) => {
        const { cells, hours, target, hidden } = disturb(level);
        expect([cells[target], hours![target]]).toEqual([1007, 7]);
        expect(hidden.map((place) => cells[place])).toEqual([1003, 1100]);
        expect(hours).toHaveLength(cells.length);
      }),
    );
  });

  test("no noise changes nothing", () => {
    expect(disturb(0)).toEqual(QUESTION);
  });
});

test("shares are those that were asked for", () => {
  const count = (level: number, noise: (level: number) => Disturb) =>
    disturbCells(QUESTION.cells, noise(level), createRandom(1, "noise"));
  expect(count(0.5, dropSome).length).toBeGreaterThan(80);
  expect(count(0.5, dropSome).length).toBeLessThan(120);
  const mixed = count(0.25, (level) => replaceSome(level, () => STRANGER));
  const strangers = mixed.filter((cell) => cell < 10).length;
  expect(strangers).toBeGreaterThan(30);
  expect(strangers).toBeLessThan(70);
});

test("one check-in is left of a month, even if all are missing", () => {
  expect(disturbCells(QUESTION.cells, dropSome(1), createRandom(1, "x"))).toHaveLength(1);
});

test("the noise of a place has the deviation that was asked for", () => {
  const far: number[] = [];
  const move = (cell: number, east: number, north: number): number => {
    far.push(east, north);
    return cell;
  };
  disturbCells(new Uint32Array(5000), moveAll(300, move), createRandom(1, "m"));
  const square = far.reduce((sum, one) => sum + one * one, 0) / far.length;
  expect(Math.sqrt(square)).toBeGreaterThan(290);
  expect(Math.sqrt(square)).toBeLessThan(310);
});
