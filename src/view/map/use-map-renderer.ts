import { useEffect, useRef, useState } from "react";
import type { RefObject } from "react";
import { toFootfallError } from "../../core/errors";
import type { FootfallError } from "../../core/errors";
import { MapRenderer } from "./map-renderer";
import type { MapEvents, MapScene, SceneRenderer } from "./map-renderer";
import type { ViewState } from "./view-state";
import { hasWebgl, noWebglError } from "./webgl";

/** A lost context is made anew this often before the figure gives up. */
const MOST_RESTARTS = 3;
const RESTART_MS = 300;

type RendererClass = new (
  parent: HTMLDivElement,
  scene: MapScene,
  events: MapEvents,
) => SceneRenderer;

export interface MapRendererOptions {
  /** Element that the canvas goes into. */
  host: RefObject<HTMLDivElement | null>;
  /** What to draw; undefined while there is no size or view yet. */
  scene: MapScene | undefined;
  /** MapLibre draws figures of one panel only, and is loaded when first asked for. Default deck.gl alone. */
  base: "deck" | "maplibre";
  /** False gives the context back. */
  isWanted: boolean;
  onView: (view: ViewState) => void;
  onDrawn: () => void;
}

/** Keeps a renderer alive while it is wanted, makes it anew after a lost context. Returns why there is none. */
export function useMapRenderer(options: MapRendererOptions): FootfallError | undefined {
  const { host, scene, isWanted, base } = options;
  const latest = useRef(options);
  latest.current = options;
  const renderer = useRef<SceneRenderer>(undefined);
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
    const parent = host.current;
    const events: MapEvents = {
      onView: (view) => latest.current.onView(view),
      onDrawn: () => latest.current.onDrawn(),
      onLost,
    };
    let isGone = false;
    const begin = (Renderer: RendererClass): void => {
      const { scene: now } = latest.current;
      if (!isGone) renderer.current = new Renderer(parent, now ?? first, events);
    };
    if (base === "deck") begin(MapRenderer);
    else import("./maplibre-renderer").then((module) => begin(module.MapLibreRenderer), onLost);
    return () => {
      isGone = true;
      clearTimeout(timer);
      renderer.current?.dispose();
      renderer.current = undefined;
    };
  }, [isReady, restarts, host, base]);

  useEffect(() => {
    if (scene) renderer.current?.update(scene);
  }, [scene]);
  return error;
}
