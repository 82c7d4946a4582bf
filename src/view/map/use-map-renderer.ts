import { useEffect, useRef, useState } from "react";
import type { RefObject } from "react";
import { toFootfallError } from "../../core/errors";
import type { FootfallError } from "../../core/errors";
import { MapRenderer } from "./map-renderer";
import type { MapScene } from "./map-renderer";
import type { ViewState } from "./view-state";
import { hasWebgl, noWebglError } from "./webgl";

/** A lost context is made anew this often before the figure gives up. */
const MOST_RESTARTS = 3;
const RESTART_MS = 300;

export interface MapRendererOptions {
  /** Element that the canvas goes into. */
  host: RefObject<HTMLDivElement | null>;
  /** What to draw; undefined while there is no size or view yet. */
  scene: MapScene | undefined;
  /** False gives the context back. */
  isWanted: boolean;
  onView: (view: ViewState) => void;
  onDrawn: () => void;
}

/** Keeps a renderer alive while it is wanted, makes it anew after a lost context. Returns why there is none. */
export function useMapRenderer(options: MapRendererOptions): FootfallError | undefined {
  const { host, scene, isWanted } = options;
  const latest = useRef(options);
  latest.current = options;
  const renderer = useRef<MapRenderer>(undefined);
  const [restarts, setRestarts] = useState(0);
  const [error, setError] = useState<FootfallError>();
  const isReady = isWanted && scene !== undefined && error === undefined;

  useEffect(() => {
    const first = latest.current.scene;
    if (!isReady || !host.current || !first) return;
    if (!hasWebgl()) return setError(noWebglError());
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onLost = (cause: unknown): void => {
      if (restarts >= MOST_RESTARTS) setError(toFootfallError(noWebglError(cause), "no-webgl"));
      else timer ??= setTimeout(() => setRestarts(restarts + 1), RESTART_MS);
    };
    renderer.current = new MapRenderer(host.current, first, {
      onView: (view) => latest.current.onView(view),
      onDrawn: () => latest.current.onDrawn(),
      onLost,
    });
    return () => {
      clearTimeout(timer);
      renderer.current?.dispose();
      renderer.current = undefined;
    };
  }, [isReady, restarts, host]);

  useEffect(() => {
    if (scene) renderer.current?.update(scene);
  }, [scene]);
  return error;
}
