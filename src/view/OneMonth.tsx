import { useContext, type JSX, type ReactNode } from "react";
import { DEFAULT_K } from "../core/data/privacy";
import { SimulatedContext, useHidesMonths, usePeopleK } from "./people";
import { Button } from "./ui/Button";

/**
 * Shows what is one person's alone, such as a month: of simulated people always, of real ones only where the page's k
 * is 1; else a sentence says why not and how to change it (PV-02).
 */
export function OneMonth({ children }: { children: ReactNode }): JSX.Element {
  const isSimulated = useContext(SimulatedContext);
  const isHidden = useHidesMonths();
  const [k, setK] = usePeopleK();
  if (isSimulated) return <>{children}</>;
  if (isHidden) {
    return (
      <div className="privacy-note" role="note" data-month="hidden">
        <p>
          A month is one person’s, and this page shows only what at least {k} people share: it is
          not drawn. On your own machine you may look at your own data, which do not leave it; with
          others before the screen leave it so.
        </p>
        <Button onClick={() => setK(1)}>Show single people’s months (k = 1)</Button>
      </div>
    );
  }
  return (
    <>
      {children}
      <p className="privacy-line" data-month="shown">
        <span className="quiet">This is one person’s month: k is 1 on the whole page.</span>
        <Button kind="quiet" onClick={() => setK(DEFAULT_K)}>
          Hide single months (k = {DEFAULT_K})
        </Button>
      </p>
    </>
  );
}
