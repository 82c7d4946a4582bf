import { lazy, Suspense, type JSX } from "react";
import { firstPicture } from "../first-picture";
import type { MoreOfTokensProps } from "./MoreOfTokens";

const Loaded = lazy(async () => {
  await firstPicture;
  return { default: (await import("./MoreOfTokens")).MoreOfTokens };
});

/** Room that the inspector takes, CSS pixels. */
const HEIGHT_PX = 420;

/** `MoreOfTokens`, loaded after the first picture. */
export function LazyMoreOfTokens(props: MoreOfTokensProps): JSX.Element {
  return (
    <Suspense fallback={<div data-drawn="false" style={{ minHeight: HEIGHT_PX }} />}>
      <Loaded {...props} />
    </Suspense>
  );
}
