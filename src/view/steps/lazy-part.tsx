import { lazy, Suspense, type ComponentType, type FunctionComponent } from "react";

/** A component whose code comes when it is first shown; a default export of its file. */
export function lazyPart<Props extends object>(
  load: () => Promise<{ default: ComponentType<Props> }>,
): FunctionComponent<Props> {
  const Loaded = lazy(load) as unknown as ComponentType<Props>;
  return function LazyPart(props: Props) {
    return (
      <Suspense fallback={<span data-drawn="false" />}>
        <Loaded {...props} />
      </Suspense>
    );
  };
}
