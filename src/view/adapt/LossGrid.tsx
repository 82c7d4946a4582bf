import { axisX, axisY, dot, gridY, lineY, plot } from "@observablehq/plot";
import { useEffect, useMemo, useRef, type JSX } from "react";
import { formatTick } from "../map/format";
import { TableTwin } from "../map/TableTwin";
import { useWidth } from "../map/use-element";
import { Key } from "../ui/Key";
import { lossesTwin, type LossPoint, type RowLosses, type TaskLosses } from "./loss-curves";

const HEIGHT_PX = 120;
const NOTHING: readonly LossPoint[] = [];

const KEY = [
  { text: "training", look: "line", color: "var(--series-1)" },
  { text: "validation", look: "dashed", color: "var(--series-2)" },
  { text: "validation of the random twin", look: "dashed", color: "var(--ink-faint)" },
] as const;

type SmallProps = RowLosses & Pick<TaskLosses, "epochs" | "most">;

function SmallChart({ title, points, beside = NOTHING, epochs, most }: SmallProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  useEffect(() => {
    if (!box.current || width < 2) return;
    const of = (part: string) => points.filter((point) => point.part === part);
    const xy = { x: "epoch", y: "loss" } as const;
    const drawing = plot({
      width,
      height: HEIGHT_PX,
      marginLeft: 34,
      marginRight: 8,
      marginTop: 8,
      marginBottom: 28,
      x: { domain: [0, epochs], label: null },
      y: { domain: [0, most], label: null },
      marks: [
        gridY({ ticks: 3 }),
        axisX({ ticks: Math.min(5, epochs), tickFormat: formatTick }),
        axisY({ ticks: 3, tickFormat: formatTick }),
        lineY(beside, { ...xy, stroke: "var(--ink-faint)", strokeDasharray: "4 3" }),
        lineY(of("training"), { ...xy, stroke: "var(--series-1)", strokeWidth: 1.6 }),
        dot(of("training"), { ...xy, fill: "var(--series-1)", r: 1.6 }),
        lineY(of("validation"), {
          ...xy,
          stroke: "var(--series-2)",
          strokeWidth: 1.6,
          strokeDasharray: "4 3",
        }),
        dot(of("validation"), { ...xy, fill: "var(--series-2)", r: 1.6 }),
      ],
    });
    box.current.replaceChildren(drawing);
    return () => drawing.remove();
  }, [points, beside, epochs, most, width]);
  return (
    <div className="small-chart">
      <p>{title}</p>
      <div ref={box} aria-hidden="true" style={{ minHeight: HEIGHT_PX }} />
    </div>
  );
}

function Task({ losses }: { losses: TaskLosses }): JSX.Element {
  const { title, measure, rows, epochs, most } = losses;
  const twin = useMemo(() => lossesTwin(losses), [losses]);
  return (
    <figure className="loss-task" data-figure="task-losses" data-drawn="true">
      <figcaption>
        {title}: {measure}
      </figcaption>
      <div className="small-charts" role="img" aria-label={`Losses by epoch. ${twin.summary}`}>
        {rows.map((row) => (
          <SmallChart key={row.title} {...row} {...{ epochs, most }} />
        ))}
      </div>
      <TableTwin twin={twin} />
    </figure>
  );
}

/** Losses of adaptation by epoch: a row of small charts for each task, all of a task on the same axes (paper 1, Figure 12). */
export default function LossGrid({ tasks }: { tasks: readonly TaskLosses[] }): JSX.Element {
  return (
    <section className="loss-grid" aria-label="Losses by epoch">
      <h3>How the losses fell</h3>
      <Key items={KEY} />
      <p className="note">
        Loss by epoch, mean over the seeds; all models of one task on the same axes, and all tasks
        that have results here below one another (paper 1, Figure 12); with the fine-tuned model its
        random twin (paper 2, Figure 7).
      </p>
      {tasks.map((losses) => (
        <Task key={losses.title} losses={losses} />
      ))}
    </section>
  );
}
