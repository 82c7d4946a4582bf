import type { Layer } from "@deck.gl/core";
import { MapLibreOverlay } from "@deck.gl/maplibre";
import { GeoJSONSource, Map as MapLibreMap, setWorkerUrl } from "maplibre-gl";
import type { StyleSpecification } from "maplibre-gl";
import "maplibre-gl/dist/maplibre-gl.css";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import type { Basemap, FlatLine } from "./basemap";
import type { MapColors, Rgba } from "./map-colors";
import { cellLayers } from "./map-renderer";
import type { MapEvents, MapScene, SceneRenderer } from "./map-renderer";
import { shapeToLayer } from "./shapes";
import { clampView, MAX_ZOOM, MIN_ZOOM } from "./view-state";

setWorkerUrl(workerUrl);

/** Name that MapLibreOverlay gives its view. */
const VIEW_ID = "maplibre";
/** Cells lie under the first of the lines, so that coasts stay recognisable. */
const FIRST_LINE = "borders";

type Coordinates = [lng: number, lat: number][];

const toCoordinates = (line: FlatLine): Coordinates =>
  Array.from({ length: line.length / 2 }, (_, i) => [line[2 * i]!, line[2 * i + 1]!]);

function toGeoJson(basemap: Basemap): Record<"land" | "borders" | "coasts", GeoJSON.GeoJSON> {
  const lines = (all: readonly FlatLine[]): GeoJSON.GeoJSON => ({
    type: "MultiLineString",
    coordinates: all.map(toCoordinates),
  });
  const land: GeoJSON.GeoJSON = {
    type: "MultiPolygon",
    coordinates: basemap.land.map((rings) => rings.map(toCoordinates)),
  };
  return { land, borders: lines(basemap.borders), coasts: lines(basemap.coasts) };
}

const css = ([red, green, blue, alpha]: Rgba): string =>
  `rgba(${red}, ${green}, ${blue}, ${alpha / 255})`;

const NOTHING: GeoJSON.GeoJSON = { type: "FeatureCollection", features: [] };

/** A style without tiles, glyphs or any address: three sources that the scene fills. */
function toStyle(colors: MapColors): StyleSpecification {
  const source = { type: "geojson" as const, data: NOTHING, tolerance: 0 };
  const line = (id: string, color: Rgba) => ({
    id,
    source: id,
    type: "line" as const,
    paint: { "line-color": css(color), "line-width": 1 },
  });
  return {
    version: 8,
    sources: { land: source, borders: source, coasts: source },
    layers: [
      { id: "land", source: "land", type: "fill", paint: { "fill-color": css(colors.land) } },
      line(FIRST_LINE, colors.border),
      line("coasts", colors.coast),
    ],
  };
}

/**
 * A figure of one panel on MapLibre: its vector basemap and its gestures, the cells interleaved between land
 * and lines in the same WebGL context. Figures of several panels are drawn by `MapRenderer`, because one
 * MapLibre map has one view.
 */
export class MapLibreRenderer implements SceneRenderer {
  readonly #map: MapLibreMap;
  readonly #panel: HTMLDivElement;
  #overlay: MapLibreOverlay | undefined;
  readonly #events: MapEvents;
  #scene: MapScene;
  #shownBasemap: Basemap | undefined;
  #shownColors: MapColors;
  #isReady = false;

  constructor(parent: HTMLDivElement, scene: MapScene, events: MapEvents) {
    this.#events = events;
    this.#scene = scene;
    this.#shownColors = scene.colors;
    this.#panel = document.createElement("div");
    parent.append(this.#panel);
    this.#place();
    const { longitude, latitude, zoom } = scene.view;
    this.#map = new MapLibreMap({
      container: this.#panel,
      style: toStyle(scene.colors),
      center: [longitude, latitude],
      zoom,
      minZoom: MIN_ZOOM,
      maxZoom: MAX_ZOOM,
      attributionControl: false, // the figure names its source in words
      dragRotate: false,
      touchPitch: false,
      keyboard: false, // the figure moves the map itself, see MapFigure
      scrollZoom: scene.wheelZooms,
      fadeDuration: 0,
      canvasContextAttributes: { antialias: true },
    });
    this.#map.touchZoomRotate.disableRotation();
    this.#map.on("move", this.#onMove);
    this.#map.on("idle", this.#onIdle);
    this.#map.on("webglcontextlost", () => events.onLost(new Error("the WebGL context was lost")));
    this.#map.on("error", ({ error }) => events.onLost(error));
    this.#map.once("load", () => {
      this.#isReady = true;
      this.#renew();
    });
    this.#map.on("resize", () => this.#isReady && this.#renew());
  }

  update(scene: MapScene): void {
    this.#scene = scene;
    this.#place();
    if (this.#isReady) this.#show();
  }

  dispose(): void {
    this.#map.remove();
    this.#panel.remove();
  }

  /** The overlay draws on with the size that it was made for, so a new size gets a new one. */
  #renew(): void {
    if (this.#overlay !== undefined) this.#map.removeControl(this.#overlay);
    this.#overlay = new MapLibreOverlay({ interleaved: true, layers: [] });
    this.#map.addControl(this.#overlay);
    this.#show();
  }

  /** Lays the map where the figure's panel is. */
  #place(): void {
    const { x = 0, y = 0, width = 0, height = 0 } = this.#scene.boxes[0] ?? {};
    const css = `position: absolute; left: ${x}px; top: ${y}px; width: ${width}px; height: ${height}px`;
    if (this.#panel.style.cssText !== css) this.#panel.style.cssText = css;
  }

  #show(): void {
    const { basemap, colors, view, wheelZooms } = this.#scene;
    if (basemap !== this.#shownBasemap && basemap !== undefined) this.#fill(basemap);
    if (colors !== this.#shownColors) this.#paint(colors);
    this.#map.scrollZoom[wheelZooms ? "enable" : "disable"]();
    const { lng, lat } = this.#map.getCenter();
    const isThere =
      lng === view.longitude && lat === view.latitude && this.#map.getZoom() === view.zoom;
    if (!isThere) this.#map.jumpTo({ center: [view.longitude, view.latitude], zoom: view.zoom });
    this.#overlay?.setProps({ layers: this.#layers() });
    this.#map.triggerRepaint(); // "idle" follows also where nothing has changed
  }

  #layers(): Layer[] {
    const { boxes, cellColors, shapes } = this.#scene;
    const own = cellColors[boxes[0]?.id ?? ""];
    const scene = { ...this.#scene, cellColors: own === undefined ? {} : { [VIEW_ID]: own } };
    const cells = cellLayers(scene);
    return [
      ...cells.map((layer) => layer.clone({ beforeId: FIRST_LINE } as object)),
      ...shapes.map(shapeToLayer),
    ];
  }

  #fill(basemap: Basemap): void {
    this.#shownBasemap = basemap;
    for (const [id, data] of Object.entries(toGeoJson(basemap))) {
      const source = this.#map.getSource(id);
      if (source instanceof GeoJSONSource) void source.setData(data);
    }
  }

  #paint(colors: MapColors): void {
    this.#shownColors = colors;
    this.#map.setPaintProperty("land", "fill-color", css(colors.land));
    this.#map.setPaintProperty("borders", "line-color", css(colors.border));
    this.#map.setPaintProperty("coasts", "line-color", css(colors.coast));
  }

  #onMove = (): void => {
    const { lng, lat } = this.#map.getCenter();
    const view = clampView({ longitude: lng, latitude: lat, zoom: this.#map.getZoom() });
    const { longitude, latitude, zoom } = this.#scene.view;
    const isKnown =
      view.longitude === longitude && view.latitude === latitude && view.zoom === zoom;
    if (!isKnown) this.#events.onView(view);
  };

  #onIdle = (): void => {
    if (this.#isReady && this.#scene.isComplete) this.#events.onDrawn();
  };
}
