import { existsSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";

/** Folders in which Chromium brings SwiftShader, a software adapter that Dawn accepts, and Vulkan's loader. */
const FOLDERS = [dirname(process.env["CHROMIUM_PATH"] ?? ""), "/usr/lib/chromium"];
const DRIVER = "vk_swiftshader_icd.json";
const LOADER = "libvulkan.so.1";
/** Keeps a library in memory although Node closes it again, finding no add-on in it (dlfcn.h of Linux). */
const RTLD_NODELETE = 0x1000;

/** Loads Chromium's Vulkan loader, so that Dawn finds it by name on machines that have no other. */
function loadVulkan(folder: string): void {
  try {
    const flags = constants.dlopen.RTLD_LAZY | constants.dlopen.RTLD_GLOBAL | RTLD_NODELETE;
    process.dlopen({ exports: {} }, join(folder, LOADER), flags);
  } catch {
    // "did not self-register": it is no add-on of Node, but it is loaded
  }
}

/** Makes the software adapter of an installed Chromium visible to Dawn; only Linux needs it. */
function offerSwiftShader(): void {
  const folder = FOLDERS.find((path) => existsSync(join(path, DRIVER)));
  if (process.platform !== "linux" || folder === undefined) return;
  process.env["VK_ICD_FILENAMES"] ??= join(folder, DRIVER);
  loadVulkan(folder);
}

/**
 * Gives Node a `navigator.gpu` by Dawn. tfjs looks for it when its backend is imported, so this comes
 * first. `software` also offers Chromium's SwiftShader, which is far slower than wasm: for tests.
 */
export async function installDawn({ software }: { software: boolean }): Promise<void> {
  if (software) offerSwiftShader();
  const scope = globalThis as { dawn?: GPU };
  const { create, globals } = await import("webgpu");
  Object.assign(globalThis, globals);
  scope.dawn ??= create([]); // a global reference: once collected, its devices die
  Object.defineProperty(globalThis, "navigator", {
    value: { gpu: scope.dawn },
    configurable: true,
  });
}
