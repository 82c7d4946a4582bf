/**
 * The icosahedron that H3 stands on. Centres of its 20 faces (latitude, longitude) and the azimuth from each
 * of the first axis of even resolutions, in radians: facts of the H3 core library (faceijk.c, 4.x), tested
 * here cell by cell against h3-js.
 */
const FACES: readonly (readonly [lat: number, lng: number, azimuth: number])[] = [
  [0.803582649718989942, 1.248397419617396099, 5.619958268523939882],
  [1.307747883455638156, 2.536945009877921159, 5.760339081714187279],
  [1.054751253523952054, -1.347517358900396623, 0.780213654393430055],
  [0.600191595538186799, -0.450603909469755746, 0.430469363979999913],
  [0.491715428198773866, 0.401988202911306943, 6.1302691233351114],
  [0.172745327415618701, 1.678146885280433686, 2.692877706530642877],
  [0.60592932157135069, 2.953923329812411617, 2.982963003477243874],
  [0.427370518328979641, -1.888876200336285401, 3.532912002790141181],
  [-0.079066118549212831, -0.733429513380867741, 3.494305004259568154],
  [-0.230961644455383637, 0.506495587332349035, 3.003214169499538391],
  [0.079066118549212831, 2.408163140208925497, 5.930472956509811562],
  [0.230961644455383637, -2.635097066257444203, 0.138378484090254847],
  [-0.172745327415618701, -1.463445768309359553, 0.448714947059150361],
  [-0.60592932157135069, -0.187669323777381622, 0.158629650112549365],
  [-0.427370518328979641, 1.252716453253507838, 5.891865957979238535],
  [-0.600191595538186799, 2.690988744120037492, 2.711123289609793325],
  [-0.491715428198773866, -2.739604450678486295, 3.294508837434268316],
  [-0.803582649718989942, -1.893195233972397139, 3.804819692245439833],
  [-1.307747883455638156, -0.60464764371187208, 3.664438879055192436],
  [-1.054751253523952054, 1.794075294689396615, 2.361378999196363184],
];

/** Odd resolutions are turned by this angle against even ones: asin(sqrt(3 / 28)). */
const ODD_TURN = 0.333473172251832115;

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
