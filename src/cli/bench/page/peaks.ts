const SIZE = 64;
const SUMS = 8;
const ROUNDS = 4;
const STORAGE = 0x80; // GPUBufferUsage.STORAGE
const UNIFORM = 0x40;
const COPY_DST = 8;
const RUNS = 5;
/** Long enough that sending it off does not count. */
const SHORTEST_S = 0.1;

/** Many independent sums in registers, as a product's inner loop has them. */
const ARITHMETIC = `
  @group(0) @binding(0) var<storage, read_write> out: array<vec4f>;
  @group(0) @binding(1) var<uniform> rounds: vec4u;
  @compute @workgroup_size(${SIZE}) fn main(@builtin(global_invocation_id) id: vec3u) {
    let x = vec4f(f32(id.x) * 1e-9);
    ${Array.from({ length: SUMS }, (_, n) => `var s${n} = x + ${n}.0;`).join(" ")}
    for (var k = 0u; k < rounds.x; k++) {
      ${Array.from({ length: SUMS * ROUNDS }, (_, n) => `s${n % SUMS} = fma(s${n % SUMS}, vec4f(0.99), x);`).join("\n")}
    }
    out[id.x] = ${Array.from({ length: SUMS }, (_, n) => `s${n}`).join(" + ")};
  }`;

const COPY = `
  @group(0) @binding(0) var<storage, read_write> out: array<vec4f>;
  @group(0) @binding(1) var<uniform> rounds: vec4u;
  @group(0) @binding(2) var<storage, read> x: array<vec4f>;
  @compute @workgroup_size(${SIZE}) fn main(@builtin(global_invocation_id) id: vec3u) {
    let at = id.y * ${SIZE * 1024}u + id.x;
    out[at] = x[at] + vec4f(f32(rounds.x));
  }`;

/** The shortest of some runs of a shader, seconds; `open` has made its pipeline and buffers. */
async function timeShader(
  device: GPUDevice,
  pipeline: GPUComputePipeline,
  buffers: readonly GPUBuffer[],
  groups: readonly [number, number],
): Promise<number> {
  const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
  const bindings = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  let best = Infinity;
  for (let run = 0; run <= RUNS; run++) {
    const start = performance.now();
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindings);
    pass.dispatchWorkgroups(...groups);
    pass.end();
    device.queue.submit([encoder.finish()]);
    await device.queue.onSubmittedWorkDone();
    if (run > 0) best = Math.min(best, (performance.now() - start) / 1000);
  }
  return best;
}

function compile(device: GPUDevice, code: string): GPUComputePipeline {
  const module = device.createShaderModule({ code });
  return device.createComputePipeline({ layout: "auto", compute: { module, entryPoint: "main" } });
}

/** Multiplications and additions a second in registers. */
export async function measureOperationRate(device: GPUDevice): Promise<number> {
  const pipeline = compile(device, ARITHMETIC);
  const groups = 1024;
  const out = device.createBuffer({ size: groups * SIZE * 16, usage: STORAGE });
  const count = device.createBuffer({ size: 16, usage: UNIFORM | COPY_DST });
  for (let rounds = 16; ; rounds *= 2) {
    device.queue.writeBuffer(count, 0, Uint32Array.of(rounds, 0, 0, 0));
    const seconds = await timeShader(device, pipeline, [out, count], [groups, 1]);
    if (seconds < SHORTEST_S && rounds < 2 ** 24) continue;
    out.destroy();
    count.destroy();
    return (groups * SIZE * rounds * SUMS * ROUNDS * 4 * 2) / seconds;
  }
}

/** Bytes a second that a shader reads and writes, each in whole vectors, side by side. */
export async function measureByteRate(device: GPUDevice): Promise<number> {
  const pipeline = compile(device, COPY);
  const most = Math.min(device.limits.maxStorageBufferBindingSize, 2 ** 29);
  const count = device.createBuffer({ size: 16, usage: UNIFORM | COPY_DST });
  for (let size = 2 ** 24; ; size *= 2) {
    const [x, out] = [0, 1].map(() => device.createBuffer({ size, usage: STORAGE }));
    const groups = size / 16 / SIZE;
    const seconds = await timeShader(device, pipeline, [out!, count, x!], [1024, groups / 1024]);
    x!.destroy();
    out!.destroy();
    if (seconds < SHORTEST_S && 2 * size <= most) continue;
    count.destroy();
    return (2 * size) / seconds;
  }
}
