import react from "@vitejs/plugin-react";
import { resolve } from "node:path";
import { defineConfig } from "vite";

/** Cross-origin isolation gives the wasm engine its threads; the page may talk to its own origin only. */
export const HEADERS = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

export default defineConfig(({ mode }) => ({
  base: "./", // any static host, any sub-path
  plugins: [react()],
  server: { headers: HEADERS },
  preview: { headers: HEADERS },
  worker: {
    format: "es",
    rollupOptions: { checks: { pluginTimings: false } },
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
