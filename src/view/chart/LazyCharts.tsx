import { lazy, Suspense, useEffect, useRef, type ComponentProps, type JSX } from "react";
import { firstPicture, tellFirstPicture } from "../first-picture";
import { useNear } from "../map/use-element";

// Observable Plot and what it stands on are 80 kB over the wire that no first picture needs.
const LoadedBarChart = lazy(async () => {
  await firstPicture;
  return { default: (await import("./BarChart")).BarChart };
});
const LoadedLadderChart = lazy(async () => {
  await firstPicture;
  return { default: (await import("./LadderChart")).LadderChart };
});
const LoadedLossChart = lazy(async () => {
  await firstPicture;
  return { default: (await import("./LossChart")).LossChart };
});
const LoadedResolutionChart = lazy(async () => {
  await firstPicture;
  return { default: (await import("./ResolutionChart")).ResolutionChart };
});

/** Keeps the chart's place, and the page from being ready, until its code is there. */
function ChartPlace({ heightPx = 240 }: { heightPx?: number | undefined }): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const isNear = useNear(place);
  useEffect(() => {
    if (isNear) tellFirstPicture(); // somebody looks at the chart already
  }, [isNear]);
  return (
    <div ref={place} className="chart-figure" data-drawn="false" style={{ minHeight: heightPx }} />
  );
}

/** `BarChart`, loaded when it is first shown. */
export function LazyBarChart(props: ComponentProps<typeof LoadedBarChart>): JSX.Element {
  return (
    <Suspense fallback={<ChartPlace />}>
      <LoadedBarChart {...props} />
    </Suspense>
  );
}

/** `LadderChart`, loaded when it is first shown. */
export function LazyLadderChart(props: ComponentProps<typeof LoadedLadderChart>): JSX.Element {
  return (
    <Suspense fallback={<ChartPlace heightPx={280} />}>
      <LoadedLadderChart {...props} />
    </Suspense>
  );
}

/** `LossChart`, loaded when it is first shown. */
export function LazyLossChart(props: ComponentProps<typeof LoadedLossChart>): JSX.Element {
  return (
    <Suspense fallback={<ChartPlace heightPx={props.heightPx} />}>
      <LoadedLossChart {...props} />
    </Suspense>
  );
}

/** `ResolutionChart`, loaded when it is first shown. */
export function LazyResolutionChart(
  props: ComponentProps<typeof LoadedResolutionChart>,
): JSX.Element {
  return (
    <Suspense fallback={<ChartPlace />}>
      <LoadedResolutionChart {...props} />
    </Suspense>
  );
}
