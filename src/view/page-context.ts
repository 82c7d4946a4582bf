import { createContext, useContext } from "react";
import type { Basemap } from "./map/basemap";

/** What every step may need of the page around it. */
export interface PageFacts {
  basemap: Promise<Basemap>;
  /** `?test=1`: nothing that differs from run to run is shown. */
  isTest: boolean;
}

export const PageContext = createContext<PageFacts | undefined>(undefined);

/** The page's facts; a step outside a page is a mistake in the code. */
export function usePage(): PageFacts {
  const page = useContext(PageContext);
  if (page === undefined) throw new Error("a step stands outside the page");
  return page;
}
