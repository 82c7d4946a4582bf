import react from "@vitejs/plugin-react";
import { resolve } from "node:path";
import { defineConfig, type Plugin } from "vite";

/** Cross-origin isolation gives the wasm engine its threads; the page may talk to its own origin only. */
export const HEADERS = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/**
 * tfjs starts its threads from the text of one function, in which a bundler may rename or fold nothing that
 * lies outside of it. That is one name, the script's own address, which nobody needs: our wasm files have
 * addresses of their own.
 */
function closeThreadFactory(): Plugin {
  return {
    name: "close-thread-factory",
    transform(code, id) {
      if (!id.includes("tfjs-backend-wasm-threaded-simd.js")) return undefined;
      const closed = code
        .replaceAll(/typeof _scriptDir\s*!==\s*"undefined"\s*&&\s*_scriptDir/g, "false")
        .replaceAll("||_scriptDir", "");
      if (closed === code)
        throw new Error("tfjs starts its threads in another way now: look again");
      return { code: closed, map: null };
    },
  };
}

export default defineConfig(({ mode }) => ({
  base: "./", // any static host, any sub-path
  plugins: [react()],
  server: { headers: HEADERS },
  preview: { headers: HEADERS },
  worker: {
    format: "es",
    rollupOptions: { checks: { pluginTimings: false } },
    plugins: () => [closeThreadFactory()],
  },
  build: {
    target: "es2023",
    chunkSizeWarningLimit: 3000,
    rollupOptions: {
      checks: { pluginTimings: false },
      input:
        mode === "test"
          ? [
              resolve(import.meta.dirname, "index.html"),
              resolve(import.meta.dirname, "harness.html"),
            ]
          : resolve(import.meta.dirname, "index.html"),
    },
  },
}));
