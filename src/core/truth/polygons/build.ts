import { growFloat64, growUint32 } from "../../data/growing";
import { FootfallError } from "../../errors";
import { ColumnsBuilder } from "./columns";
import type { Placement } from "./crs";
import type { Geometry, Ring } from "./geometry";
import type { PolygonLayer } from "./layer";
import { placeRing, type PlacedRing } from "./ring";

/** What is the same for all features of a layer. */
export interface LayerFacts {
  readonly name: string;
  readonly format: string;
  readonly placement: Placement;
  readonly layers?: readonly string[];
  readonly warnings?: readonly string[];
  /** True where the rings of a polygon come in any order, holes before or after what they lie in (Shapefile). */
  readonly isUnordered?: boolean;
}

/** A reason, how often, and the first feature that it concerns (counting from 1). */
interface Note {
  count: number;
  readonly first: number;
}

const plural = (count: number, one: string): string =>
  `${count.toLocaleString("en")} ${one}${count === 1 ? "" : "s"}`;

/** Collects features into flat arrays. What cannot be used is left out, counted and named. */
export class LayerBuilder {
  readonly #facts: LayerFacts;
  readonly #columns = new ColumnsBuilder();
  readonly #coordinates = growFloat64();
  readonly #ringStart = growUint32();
  readonly #polygonOf = growUint32();
  readonly #featureOf = growUint32();
  readonly #faults = new Map<string, Note>();
  readonly #others = new Map<string, number>();
  #read = 0;
  #features = 0;
  #empty = 0;
  #unrolled = 0;
  #bounds: [west: number, south: number, east: number, north: number] = [
    Infinity,
    Infinity,
    -Infinity,
    -Infinity,
  ];

  constructor(facts: LayerFacts) {
    this.#facts = facts;
    this.#ringStart.push(0);
  }

  /** Features read so far, used or not. */
  get read(): number {
    return this.#read;
  }

  add({ polygons, others }: Geometry, properties: Readonly<Record<string, unknown>>): void {
    this.#read++;
    for (const kind of new Set(others)) this.#others.set(kind, (this.#others.get(kind) ?? 0) + 1);
    const before = this.#featureOf.length;
    for (const rings of polygons) this.#addPolygon(rings);
    if (this.#featureOf.length > before) {
      this.#columns.add(properties);
      this.#features++;
    } else if (polygons.length === 0 && others.length === 0) this.#empty++;
  }

  /** A bad hole is left out; without its outer ring a polygon is, for its holes would become land. */
  #addPolygon(rings: readonly Ring[]): void {
    const placed: PlacedRing[] = [];
    for (const [i, ring] of rings.entries()) {
      const result = placeRing(ring, this.#facts.placement);
      if (typeof result !== "string") placed.push(result);
      else {
        const note = this.#faults.get(result);
        if (note) note.count++;
        else this.#faults.set(result, { count: 1, first: this.#read });
        if (i === 0 && !this.#facts.isUnordered) return;
      }
    }
    if (placed.length === 0) return;
    for (const ring of placed) this.#addRing(ring);
    this.#featureOf.push(this.#features);
  }

  #addRing({ places, isUnrolled }: PlacedRing): void {
    this.#coordinates.pushAll(places);
    this.#polygonOf.push(this.#featureOf.length);
    this.#ringStart.push(this.#coordinates.length / 2);
    this.#unrolled += Number(isUnrolled);
    const bounds = this.#bounds;
    for (let i = 0; i < places.length; i += 2) {
      bounds[0] = Math.min(bounds[0], places[i]!);
      bounds[1] = Math.min(bounds[1], places[i + 1]!);
      bounds[2] = Math.max(bounds[2], places[i]!);
      bounds[3] = Math.max(bounds[3], places[i + 1]!);
    }
  }

  #findWarnings(): string[] {
    const { placement, warnings = [] } = this.#facts;
    const faults = [...this.#faults].map(
      ([reason, { count, first }]) =>
        `${plural(count, "ring")} left out: ${reason} (first in feature ${first})`,
    );
    const others = [...this.#others].map(
      ([kind, count]) => `${plural(count, "feature")} with ${kind} left out: they have no area`,
    );
    const empty =
      this.#empty > 0 ? [`${plural(this.#empty, "feature")} without a geometry left out`] : [];
    const unrolled =
      this.#unrolled > 0
        ? [`${plural(this.#unrolled, "ring")} taken as crossing the antimeridian the short way`]
        : [];
    const assumed = placement.warning === undefined ? [] : [placement.warning];
    return [...warnings, ...assumed, ...faults, ...others, ...empty, ...unrolled];
  }

  /** Why there is nothing to use, in one sentence. */
  #refuse(): FootfallError {
    const { name } = this.#facts;
    const [kind] = this.#others.keys();
    const [fault] = this.#faults;
    const say = (sentence: string): FootfallError =>
      new FootfallError("bad-file", `${name} ${sentence}`);
    if (fault !== undefined) {
      return say(
        `has no polygon that can be used: ${fault[0]} (first in feature ${fault[1].first})`,
      );
    }
    if (kind !== undefined) return say(`holds ${kind}, which have no area; expected polygons`);
    return say(`holds no polygon (${plural(this.#read, "feature")} read)`);
  }

  /** Throws "bad-file" where no polygon is left. */
  build(): PolygonLayer {
    if (this.#featureOf.length === 0) throw this.#refuse();
    const { name, format, placement, layers = [] } = this.#facts;
    return {
      name,
      format,
      system: placement.words,
      layers,
      count: this.#features,
      bounds: this.#bounds,
      columns: this.#columns.build(),
      shapes: {
        coordinates: this.#coordinates.build(),
        ringStart: this.#ringStart.build(),
        polygonOf: this.#polygonOf.build(),
        featureOf: this.#featureOf.build(),
      },
      warnings: this.#findWarnings(),
    };
  }
}
