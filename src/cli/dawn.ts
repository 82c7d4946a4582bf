import { existsSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { FootfallError } from "../core/errors";

/** Folders in which Chromium brings SwiftShader, a software adapter that Dawn accepts, and Vulkan's loader. */
const FOLDERS = [dirname(process.env["CHROMIUM_PATH"] ?? ""), "/usr/lib/chromium"];
const DRIVER = "vk_swiftshader_icd.json";
const LOADER = "libvulkan.so.1";
/** Keeps a library in memory although Node closes it again, finding no add-on in it (dlfcn.h of Linux). */
const RTLD_NODELETE = 0x1000;

/** Loads Vulkan's loader for good, so that Dawn finds it by name; false where it is not there. */
function loadVulkan(path: string): boolean {
  try {
    const flags = constants.dlopen.RTLD_LAZY | constants.dlopen.RTLD_GLOBAL | RTLD_NODELETE;
    process.dlopen({ exports: {} }, path, flags);
    return true;
  } catch (error) {
    return String(error).includes("did not self-register"); // no add-on of Node, but it is loaded
  }
}

/** Makes the software adapter of an installed Chromium visible to Dawn; false where there is none. */
function offerSwiftShader(): boolean {
  const folder = FOLDERS.find((path) => existsSync(join(path, DRIVER)));
  if (folder === undefined) return false;
  process.env["VK_ICD_FILENAMES"] ??= join(folder, DRIVER);
  return loadVulkan(LOADER) || loadVulkan(join(folder, LOADER));
}

async function loadDawn(): Promise<typeof import("webgpu")> {
  try {
    return await import("webgpu");
  } catch (cause) {
    const sentence = 'the package "webgpu" (Dawn) is not installed, so Node has no WebGPU';
    throw new FootfallError("no-gpu", sentence, { cause });
  }
}

/**
 * Gives Node a `navigator.gpu` by Dawn. tfjs looks for it when its backend is imported, so this comes
 * first. Where no graphics card answers, the SwiftShader of an installed Chromium is offered, which is far
 * slower than wasm: for tests. Throws "no-gpu" where Dawn is not installed.
 */
export async function installDawn(): Promise<void> {
  const scope = globalThis as { dawn?: GPU };
  const { create, globals } = await loadDawn();
  Object.assign(globalThis, globals);
  if (process.platform === "linux" && !loadVulkan(LOADER)) offerSwiftShader();
  scope.dawn ??= create([]); // a global reference: once collected, its devices die
  const adapter = await scope.dawn.requestAdapter();
  if (adapter === null && process.platform === "linux" && offerSwiftShader()) {
    scope.dawn = create([]);
  }
  Object.defineProperty(globalThis, "navigator", {
    value: { gpu: scope.dawn },
    configurable: true,
  });
}
