import { lazy, Suspense, type ComponentType, type FunctionComponent } from "react";
import { firstPicture } from "../first-picture";

type Load<Props extends object> = () => Promise<{ default: ComponentType<Props> }>;

/** A component whose code comes when it is first shown; a default export of its file. */
export function lazyPart<Props extends object>(
  load: Load<Props>,
  heightPx?: number,
): FunctionComponent<Props> {
  const Loaded = lazy(load) as unknown as ComponentType<Props>;
  return function LazyPart(props: Props) {
    return (
      <Suspense fallback={<div data-drawn="false" style={{ minHeight: heightPx }} />}>
        <Loaded {...props} />
      </Suspense>
    );
  };
}

/** The same for forms and charts that are in nobody's first picture: their code comes after it. */
export const laterPart = <Props extends object>(
  load: Load<Props>,
  heightPx: number,
): FunctionComponent<Props> =>
  lazyPart(async () => {
    await firstPicture;
    return load();
  }, heightPx);
