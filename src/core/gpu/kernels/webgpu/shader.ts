import * as tf from "@tensorflow/tfjs-core";
import { FootfallError } from "../../../errors";

/** What our shaders need of tfjs' WebGPU backend: buffers of tensors, and its queue, so that all stays in order. */
interface WebGpuBackend {
  readonly device: GPUDevice;
  readonly tensorMap: {
    get(id: object): { resource: GPUBuffer; values: unknown };
  };
  readonly commandQueueOwnedIds: Set<object>;
  readonly commandEncoder: GPUCommandEncoder;
  computePassEncoder: GPUComputePassEncoder | null;
  dispatchCountInPass: number;
  makeTensorInfo(shape: readonly number[], dtype: tf.DataType): tf.TensorInfo;
  disposeData(id: object): boolean;
  uploadToGPU(id: object): void;
  makeUniforms(uniforms: readonly Uniform[]): GPUBindingResource;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
}

interface Uniform {
  readonly type: "uint32" | "float32";
  readonly data: readonly number[];
}

/** A compute shader: its buffers in order, its numbers, and the body of its entry. */
export interface Shader {
  /** Names pipeline and errors. */
  readonly label: string;
  /** WGSL types by name; those that begin with "mut " are written to. */
  readonly buffers: Readonly<Record<string, string>>;
  readonly numbers: Readonly<Record<string, "u32" | "f32">>;
  /** Invocations of a group, in one row; the body finds its own as `lane`. */
  readonly size: number;
  /** Declarations outside the entry, such as shared memory. */
  readonly shared?: string;
  /** Of the entry; `group` counts all groups, `u` holds the numbers. */
  readonly body: string;
}

/** Groups of one dimension at most; more are laid out as rows of so many. */
const GROUPS_ACROSS = 32_768;

function isMutable(type: string): boolean {
  return type.startsWith("mut ");
}

function writeSource({ buffers, numbers, size, shared = "", body }: Shader): string {
  const bindings = Object.entries(buffers).map(([name, type], n) => {
    const access = isMutable(type) ? "read_write" : "read";
    const element = type.replace("mut ", "");
    return `@group(0) @binding(${n}) var<storage, ${access}> ${name}: array<${element}>;`;
  });
  const fields = Object.entries(numbers).map(([name, type]) => `${name}: ${type},`);
  return `
    struct Numbers { ${fields.join(" ")} }
    ${bindings.join("\n")}
    @group(0) @binding(${bindings.length}) var<uniform> u: Numbers;
    ${shared}
    @compute @workgroup_size(${size})
    fn main(@builtin(workgroup_id) place: vec3u, @builtin(local_invocation_index) lane: u32) {
      let group = place.y * ${GROUPS_ACROSS}u + place.x;
      ${body}
    }`;
}

interface Pipeline {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

const pipelines = new WeakMap<GPUDevice, Map<Shader, Pipeline>>();

/** An explicit layout: the automatic one drops what a body does not read. */
function layOut(device: GPUDevice, { buffers, label }: Shader): GPUBindGroupLayout {
  const types: GPUBufferBindingType[] = [
    ...Object.values(buffers).map((type) =>
      isMutable(type) ? ("storage" as const) : ("read-only-storage" as const),
    ),
    "uniform",
  ];
  const visibility = 4; // GPUShaderStage.COMPUTE, which Node does not have before Dawn is loaded
  const entries = types.map((type, binding) => ({ binding, visibility, buffer: { type } }));
  return device.createBindGroupLayout({ label, entries });
}

function findPipeline(device: GPUDevice, shader: Shader): Pipeline {
  const known = pipelines.get(device) ?? new Map<Shader, Pipeline>();
  pipelines.set(device, known);
  const found = known.get(shader);
  if (found !== undefined) return found;
  const { label } = shader;
  const layout = layOut(device, shader);
  const module = device.createShaderModule({ label, code: writeSource(shader) });
  const pipeline = device.createComputePipeline({
    label,
    layout: device.createPipelineLayout({ label, bindGroupLayouts: [layout] }),
    compute: { module, entryPoint: "main" },
  });
  const made = { pipeline, layout };
  known.set(shader, made);
  return made;
}

/** What kernels want to know of the adapter they run on. */
export interface GpuTraits {
  /** A program on the processor, for which other tiles are best. */
  readonly isSoftware: boolean;
  /** Bytes of one buffer that a shader can see, at most. */
  readonly bufferBytes: number;
}

const traits = new WeakMap<GPUDevice, GpuTraits>();

/** Says what a device is like before kernels run on it; what nobody described is taken for a graphics card. */
export function describeDevice(device: GPUDevice, described: GpuTraits): void {
  traits.set(device, described);
}

function traitsOf(device: GPUDevice): GpuTraits {
  return traits.get(device) ?? { isSoftware: false, bufferBytes: device.limits.maxBufferSize };
}

/** One call of a kernel: its inputs, and what runs shaders on their buffers. */
export interface GpuCall {
  readonly traits: GpuTraits;
  readonly inputs: Readonly<Record<string, tf.TensorInfo>>;
  readonly attributes: Readonly<Record<string, number>>;
  /** Throws "out-of-memory" where the device has no buffer of that size. */
  make(shape: readonly number[]): tf.TensorInfo;
  free(tensor: tf.TensorInfo): void;
  /**
   * Runs a shader.
   * @param buffers by the shader's names
   * @param numbers by the shader's names
   */
  run(
    shader: Shader,
    buffers: Readonly<Record<string, tf.TensorInfo>>,
    numbers: Readonly<Record<string, number>>,
    groups: number,
  ): void;
}

/** The encoder of the pass that is open, in the order of everything else that tfjs does. */
function openPass(backend: WebGpuBackend): GPUComputePassEncoder {
  backend.ensureCommandEncoderReady();
  backend.computePassEncoder ??= backend.commandEncoder.beginComputePass();
  return backend.computePassEncoder;
}

function closeFullPass(backend: WebGpuBackend): void {
  backend.dispatchCountInPass++;
  const most = tf.env().getNumber("WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE");
  if (backend.dispatchCountInPass < most) return;
  backend.endComputePassEncoder();
  backend.submitQueue();
}

function bind(
  backend: WebGpuBackend,
  tensor: tf.TensorInfo,
  isWritten: boolean,
): GPUBindingResource {
  backend.uploadToGPU(tensor.dataId);
  const data = backend.tensorMap.get(tensor.dataId);
  if (isWritten) data.values = null; // a copy on the CPU would be of before
  backend.commandQueueOwnedIds.add(tensor.dataId);
  return { buffer: data.resource };
}

function runShader(
  backend: WebGpuBackend,
  shader: Shader,
  ...[buffers, numbers, groups]: Tail
): void {
  const { pipeline, layout } = findPipeline(backend.device, shader);
  const resources = Object.entries(shader.buffers).map(([name, type]) =>
    bind(backend, buffers[name]!, isMutable(type)),
  );
  const uniforms = Object.entries(shader.numbers).map(([name, type]): Uniform => ({
    type: type === "u32" ? "uint32" : "float32",
    data: [numbers[name]!],
  }));
  resources.push(backend.makeUniforms(uniforms));
  const entries = resources.map((resource, binding) => ({ binding, resource }));
  const pass = openPass(backend);
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, backend.device.createBindGroup({ layout, entries }));
  pass.dispatchWorkgroups(Math.min(groups, GROUPS_ACROSS), Math.ceil(groups / GROUPS_ACROSS));
  closeFullPass(backend);
}

type Tail = [Readonly<Record<string, tf.TensorInfo>>, Readonly<Record<string, number>>, number];

function makeTensor(backend: WebGpuBackend, shape: readonly number[]): tf.TensorInfo {
  const bytes = 4 * shape.reduce((product, size) => product * size, 1);
  const { bufferBytes } = traitsOf(backend.device);
  if (bytes <= bufferBytes) return backend.makeTensorInfo(shape, "float32");
  const mb = (size: number): string => `${(size / 1e6).toPrecision(3)} MB`;
  throw new FootfallError(
    "out-of-memory",
    `values [${shape.join(", ")}] take ${mb(bytes)} and one buffer of this graphics card holds ${mb(bufferBytes)}; use fewer rows at a time, or a smaller model`,
  );
}

function callOf(
  backend: WebGpuBackend,
  inputs: Readonly<Record<string, tf.TensorInfo>>,
  attributes: Readonly<Record<string, number>>,
): GpuCall {
  return {
    inputs,
    attributes,
    traits: traitsOf(backend.device),
    make: (shape) => makeTensor(backend, shape),
    free: (tensor) => void backend.disposeData(tensor.dataId),
    run: (shader, ...rest) => runShader(backend, shader, ...rest),
  };
}

/** Registers a kernel for tfjs' WebGPU backend, unless it is. */
export function registerGpuKernel(
  name: string,
  kernel: (call: GpuCall) => tf.TensorInfo | tf.TensorInfo[],
): void {
  if ((tf.getKernel(name, "webgpu") as object | undefined) !== undefined) return;
  tf.registerKernel({
    kernelName: name,
    backendName: "webgpu",
    kernelFunc: ({ inputs, attrs, backend }) =>
      kernel(
        callOf(
          backend as unknown as WebGpuBackend,
          inputs as Readonly<Record<string, tf.TensorInfo>>,
          (attrs ?? {}) as Readonly<Record<string, number>>,
        ),
      ),
  });
}
