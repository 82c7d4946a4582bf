/**
 * The icosahedron that H3 stands on. Centres of its 20 faces (latitude, longitude) and the azimuth from each
 * of the first axis of even resolutions, in radians: facts of the H3 core library (faceijk.c, 4.x), tested
 * here cell by cell against h3-js.
 */
const FACES: readonly (readonly [lat: number, lng: number, azimuth: number])[] = [
  [0.80358264971899, 1.2483974196173961, 5.6199582685239395],
  [1.3077478834556382, 2.5369450098779214, 5.7603390817141875],
  [1.054751253523952, -1.3475173589003966, 0.78021365439343],
  [0.6001915955381868, -0.45060390946975576, 0.4304693639799999],
  [0.49171542819877384, 0.40198820291130694, 6.130269123335111],
  [0.1727453274156187, 1.6781468852804338, 2.692877706530643],
  [0.6059293215713507, 2.9539233298124117, 2.982963003477244],
  [0.42737051832897965, -1.8888762003362853, 3.532912002790141],
  [-0.07906611854921283, -0.7334295133808677, 3.494305004259568],
  [-0.23096164445538364, 0.506495587332349, 3.0032141694995382],
  [0.07906611854921283, 2.4081631402089254, 5.930472956509812],
  [0.23096164445538364, -2.635097066257444, 0.13837848409025486],
  [-0.1727453274156187, -1.4634457683093596, 0.4487149470591504],
  [-0.6059293215713507, -0.18766932377738163, 0.15862965011254937],
  [-0.42737051832897965, 1.2527164532535078, 5.891865957979238],
  [-0.6001915955381868, 2.6909887441200375, 2.711123289609793],
  [-0.49171542819877384, -2.7396044506784865, 3.294508837434268],
  [-0.80358264971899, -1.8931952339723972, 3.80481969224544],
  [-1.3077478834556382, -0.6046476437118721, 3.6644388790551923],
  [-1.054751253523952, 1.7940752946893965, 2.361378999196363],
];

/** Odd resolutions are turned by this angle against even ones: asin(sqrt(3 / 28)). */
const ODD_TURN = 0.3334731722518321;

/** Cells of resolution 0 between the middle of a face and the point that is one unit away in gnomonic projection. */
const RESOLUTION_0_SCALE = 2.618033988749895;

type Vector = readonly [number, number, number];

const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const scale = (a: Vector, s: number): Vector => [a[0] * s, a[1] * s, a[2] * s];
const add = (a: Vector, b: Vector): Vector => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

const centreOf = (face: number): Vector => {
  const [lat, lng] = FACES[face]!;
  return [Math.cos(lat) * Math.cos(lng), Math.cos(lat) * Math.sin(lng), Math.sin(lat)];
};

/** Numbers of a face in `projectFaces`. */
export const FACE_NUMBERS = 18;

/**
 * For each of the 20 faces: its centre (3 numbers), the two vectors that give the distances P1 and P2 of a
 * place to two border pairs of its hexagon grid, as P = (v . g) / (v . centre) for the unit vector v (6), and
 * its centre less those of the three faces beside it (9). Odd resolutions are turned.
 */
export function projectFaces(resolution: number): Float64Array {
  const size = RESOLUTION_0_SCALE * Math.sqrt(7) ** resolution;
  const all = new Float64Array(20 * FACE_NUMBERS);
  const centres = FACES.map((_, face) => centreOf(face));
  FACES.forEach(([, , azimuth], face) => {
    const centre = centres[face]!;
    const north = scale([-centre[0] * centre[2], -centre[1] * centre[2], 1 - centre[2] ** 2], 1);
    const unit = scale(north, 1 / Math.sqrt(dot(north, north)));
    const east = cross(unit, centre);
    const angle = resolution % 2 === 1 ? azimuth - ODD_TURN : azimuth;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const e1 = add(scale(unit, cos), scale(east, sin));
    const e2 = add(scale(unit, sin), scale(east, -cos));
    const beside = centres
      .map((other) => ({ other, near: dot(centre, other) }))
      .sort((a, b) => b.near - a.near)
      .slice(1, 4)
      .map(({ other }) => add(centre, scale(other, -1)));
    const numbers = [
      centre,
      scale(e1, 2 * size),
      scale(add(e1, scale(e2, Math.sqrt(3))), size),
      ...beside,
    ];
    all.set(numbers.flat(), face * FACE_NUMBERS);
  });
  return all;
}

/** The gnomonic unit in cells of a resolution: what errors are multiplied by. */
export const scaleOf = (resolution: number): number =>
  RESOLUTION_0_SCALE * Math.sqrt(7) ** resolution;
