import { lazy, Suspense, type ComponentProps, type JSX } from "react";
import { firstPicture } from "../first-picture";
import { NearPlace } from "../NearPlace";

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

/** Room of a chart whose code is on its way. */
const ChartPlace = ({ heightPx = 240 }: { heightPx?: number | undefined }): JSX.Element => (
  <NearPlace heightPx={heightPx} className="chart-figure" />
);

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
