import { useEffect, useRef, type JSX } from "react";
import { tellFirstPicture } from "./first-picture";
import { useNear } from "./map/use-element";

interface NearPlaceProps {
  heightPx: number;
  className?: string;
}

/** Keeps a part's place, and the page from being ready, until its code is there; somebody who looks need not wait for a map. */
export function NearPlace({ heightPx, className }: NearPlaceProps): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const isNear = useNear(place);
  useEffect(() => {
    if (isNear) tellFirstPicture(); // somebody looks at it already
  }, [isNear]);
  return (
    <div ref={place} className={className} data-drawn="false" style={{ minHeight: heightPx }} />
  );
}
