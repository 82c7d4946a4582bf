import { installDawn } from "../src/cli/dawn";

// Vitest's GPU tests in Node: Dawn over a real adapter, or over the SwiftShader of an installed Chromium.
await installDawn();
