import type { JSX } from "react";
import type { RulesResult } from "../../core/job/rules";
import type { RulesSpec } from "../../notebook/steps/rules";
import type { FigureProps } from "../steps/step-view";
import { formatCount, formatPercent } from "../words";
import { DaysOffFigure } from "./DaysOffFigure";
import { LedgerWaterfall, LossLines } from "./LedgerWaterfall";
import { MergedMap } from "./MergedMap";
import { PrivateCoverage } from "./PrivateCoverage";
import "./import.css";

/** What the rules leave, live: counts before and after each, and where it lies. */
export default function RulesFigure(props: FigureProps<RulesSpec, RulesResult>): JSX.Element {
  const { spec, outcome, onChange } = props;
  const { ledger, isAll, coverage, filledShare } = outcome;
  const last = ledger.rules.at(-1);
  const points = ledger.rules.findLast((rule) => rule.points !== undefined)?.points ?? 0;
  const stays = ledger.rules.find((rule) => rule.checkIns !== undefined)?.checkIns ?? 0;
  return (
    <div className="rules-figure">
      <p className="finding" data-sample={isAll ? "all" : "first"}>
        {isAll
          ? `All ${formatCount(ledger.rowsRead)} rows were read.`
          : `Counted on the first ${formatCount(ledger.rowsRead)} rows; the import reads all of them.`}{" "}
        {formatCount(points)} points become {formatCount(stays)} check-ins; the rules leave{" "}
        {formatCount(last?.trajectories ?? 0)} trajectories of {formatCount(last?.users ?? 0)}{" "}
        people with {formatCount(last?.checkIns ?? 0)} check-ins.
        {filledShare !== undefined &&
          ` ${formatPercent(filledShare)} of the positions are filled in: no point stands behind them.`}
      </p>
      <LossLines ledger={ledger} />
      <div className="waterfall-and-map">
        <LedgerWaterfall ledger={ledger} />
        {coverage.people && (
          <PrivateCoverage
            name="rules-coverage"
            title="Check-ins that the rules leave"
            cells={coverage.cells}
            counts={coverage.values}
            people={coverage.people}
            heightPx={340}
          />
        )}
      </div>
      <MergedMap people={outcome.people} />
      {outcome.daysOff && (
        <DaysOffFigure
          daysOff={outcome.daysOff}
          choice={spec.calendar}
          onChoice={(calendar) => onChange({ calendar })}
        />
      )}
    </div>
  );
}
