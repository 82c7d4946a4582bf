import { lazy, Suspense, type ComponentType, type FunctionComponent, type JSX } from "react";
import { firstPicture } from "../first-picture";
import { NearPlace } from "../NearPlace";

type Load<Props extends object> = () => Promise<{ default: ComponentType<Props> }>;

/** A component whose code comes when it is first shown; a default export of its file. */
export function lazyPart<Props extends object>(
  load: Load<Props>,
  place: JSX.Element = <div data-drawn="false" />,
): FunctionComponent<Props> {
  const Loaded = lazy(load) as unknown as ComponentType<Props>;
  return function LazyPart(props: Props) {
    return (
      <Suspense fallback={place}>
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
  lazyPart(
    async () => {
      await firstPicture;
      return load();
    },
    <NearPlace heightPx={heightPx} />,
  );
