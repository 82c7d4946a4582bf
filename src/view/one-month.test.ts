import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { afterEach, expect, test } from "vitest";
import { DEFAULT_K } from "../core/data/privacy";
import { OneMonth } from "./OneMonth";
import { SimulatedContext, usePeopleK } from "./people";

/** The month as the page has it, after k was set at some map. */
function monthOf(isSimulated: boolean, k?: number): string {
  function Setter() {
    const [, setK] = usePeopleK();
    if (k !== undefined) setK(k);
    return null;
  }
  renderToStaticMarkup(createElement(Setter));
  const month = createElement(OneMonth, null, "a walk from 8a2a1072b59ffff");
  return renderToStaticMarkup(createElement(SimulatedContext, { value: isSimulated }, month));
}

afterEach(() => void monthOf(true, DEFAULT_K));

test("a real person's month is not drawn while k is above 1, and it is said why and how to change it", () => {
  const hidden = monthOf(false);
  expect(hidden).not.toContain("8a2a1072b59ffff");
  expect(hidden).toContain(`at least ${DEFAULT_K} people share`);
  expect(hidden).toContain("Show single people’s months (k = 1)");
  expect(monthOf(false, 2)).toContain("at least 2 people share");
});

test("with k = 1 it is drawn with a way back, and simulated people's always", () => {
  const shown = monthOf(false, 1);
  expect(shown).toContain("8a2a1072b59ffff");
  expect(shown).toContain("Hide single months");
  expect(monthOf(true, 5)).toBe("a walk from 8a2a1072b59ffff");
});
