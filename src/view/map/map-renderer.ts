import { COORDINATE_SYSTEM, Deck, MapView } from "@deck.gl/core";
import type { Layer } from "@deck.gl/core";
import type { Basemap } from "./basemap";
import type { CellGeometry } from "./cell-geometry";
import { CellLayer } from "./cell-layer";
import type { MapColors } from "./map-colors";
import { isLayerOfView, landLayer, outlineLayers, shapeToLayer } from "./shapes";
import type { Shape } from "./shapes";
import { clampView } from "./view-state";
import type { ViewState } from "./view-state";

/** Where a panel lies on the canvas, CSS pixels. */
export interface PanelBox {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Everything that a figure shows; a new scene replaces the old one, unchanged parts are kept on the GPU. */
export interface MapScene {
  readonly boxes: readonly PanelBox[];
  readonly view: ViewState;
  readonly basemap: Basemap | undefined;
  readonly geometry: CellGeometry | undefined;
  /** RGBA of each cell per panel id. [N, 4] */
  readonly cellColors: Readonly<Record<string, Uint8Array>>;
  readonly shapes: readonly Shape[];
  readonly colors: MapColors;
  /** The wheel zooms only while the figure has the focus; the page scrolls otherwise. */
  readonly wheelZooms: boolean;
  /** False while parts are still on their way: what is drawn is then not the whole picture. */
  readonly isComplete: boolean;
}

export interface MapEvents {
  onView: (view: ViewState) => void;
  /** A complete scene has been drawn. */
  onDrawn: () => void;
  /** The GPU took the context away, or never gave one. */
  onLost: (error: unknown) => void;
}

/** What draws the scenes of one figure: one canvas, one WebGL context. */
export interface SceneRenderer {
  update(scene: MapScene): void;
  /** Frees the context and the canvas. */
  dispose(): void;
}

const geometryIds = new WeakMap<CellGeometry, number>();
let lastGeometryId = 0;

function geometryId(geometry: CellGeometry): number {
  const id = geometryIds.get(geometry) ?? ++lastGeometryId;
  geometryIds.set(geometry, id);
  return id;
}

/** The cells of a scene, none while they are still being cut into triangles. */
export function cellLayers({
  geometry,
  cellColors,
}: Pick<MapScene, "geometry" | "cellColors">): Layer[] {
  if (geometry === undefined || geometry.indices.length === 0) return [];
  return [
    new CellLayer({
      id: `all/cells-${geometryId(geometry)}`,
      geometry,
      colors: cellColors,
      coordinateSystem: COORDINATE_SYSTEM.CARTESIAN,
    }),
  ];
}

/** The layers of a scene, from the bottom to the top. */
export function sceneLayers(scene: MapScene): Layer[] {
  const { basemap, shapes, colors } = scene;
  return [
    ...(basemap ? [landLayer(basemap, colors)] : []),
    ...cellLayers(scene),
    ...(basemap ? outlineLayers(basemap, colors) : []),
    ...shapes.map(shapeToLayer),
  ];
}

function sceneViews({ boxes, wheelZooms }: MapScene): MapView[] {
  const controller = {
    dragRotate: false,
    touchRotate: false,
    keyboard: false, // the figure moves the map itself, see MapFigure
    doubleClickZoom: true,
    scrollZoom: wheelZooms,
  };
  return boxes.map((box) => new MapView({ ...box, controller }));
}

function viewStates({ boxes, view }: MapScene): Record<string, ViewState> {
  return Object.fromEntries(boxes.map(({ id }) => [id, view]));
}

/** One canvas, one WebGL context: all panels of a figure. Made when the figure comes near, disposed when it goes. */
export class MapRenderer implements SceneRenderer {
  readonly #deck: Deck<MapView[]>;
  readonly #canvas: HTMLCanvasElement;
  readonly #events: MapEvents;
  #scene: MapScene;
  #drawn: MapScene | undefined;
  #isDisposed = false;

  constructor(parent: HTMLDivElement, scene: MapScene, events: MapEvents) {
    this.#events = events;
    this.#scene = scene;
    this.#canvas = document.createElement("canvas");
    // in its size from the beginning: every other one costs memory for another picture
    this.#canvas.width = Math.round(parent.clientWidth * devicePixelRatio);
    this.#canvas.height = Math.round(parent.clientHeight * devicePixelRatio);
    parent.append(this.#canvas);
    this.#canvas.addEventListener("webglcontextlost", this.#onContextLost);
    this.#deck = new Deck<MapView[]>({
      canvas: this.#canvas,
      ...this.#sceneProps(),
      deviceProps: { type: "webgl", webgl: { antialias: true, powerPreference: "default" } },
      layerFilter: ({ layer, viewport }) => isLayerOfView(layer.root.id, viewport.id),
      touchAction: "pan-y",
      _pickable: false,
      getCursor: ({ isDragging }) => (isDragging ? "grabbing" : "crosshair"),
      onViewStateChange: ({ viewState }) => events.onView(clampView(viewState)),
      onAfterRender: this.#onAfterRender,
      onLoad: () => void (this.#canvas.tabIndex = -1), // the figure around it takes the keys
      onError: (error) => this.#onLost(error),
    });
  }

  /** Shows another scene. */
  update(scene: MapScene): void {
    this.#scene = scene;
    this.#deck.setProps(this.#sceneProps());
    // deck.gl draws nothing when it finds no difference; the scene then counts as drawn all the same.
    requestAnimationFrame(() => requestAnimationFrame(this.#drawOnce));
  }

  /** Frees the context and the canvas. */
  dispose(): void {
    this.#isDisposed = true;
    this.#canvas.removeEventListener("webglcontextlost", this.#onContextLost);
    this.#deck.finalize();
    this.#canvas.getContext("webgl2")?.getExtension("WEBGL_lose_context")?.loseContext();
    this.#canvas.remove();
  }

  #sceneProps(): { views: MapView[]; viewState: Record<string, ViewState>; layers: Layer[] } {
    const scene = this.#scene;
    return { views: sceneViews(scene), viewState: viewStates(scene), layers: sceneLayers(scene) };
  }

  #onContextLost = (): void => this.#onLost(new Error("the WebGL context was lost"));

  #onLost(error: unknown): void {
    if (!this.#isDisposed) this.#events.onLost(error);
  }

  #drawOnce = (): void => {
    if (!this.#isDisposed && this.#drawn !== this.#scene) this.#deck.redraw("scene");
  };

  #onAfterRender = (): void => {
    if (this.#isDisposed || !this.#scene.isComplete) return;
    this.#drawn = this.#scene;
    this.#events.onDrawn();
  };
}
