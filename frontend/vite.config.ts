import { defineConfig } from "vitest/config";

// The page ships inside the Python package: it is built there, with hashed names so that browsers
// may keep the files for ever, and without anything inline so that a strict
// Content-Security-Policy holds.
const backend = process.env["EXTREMECUT_BACKEND"] ?? "http://127.0.0.1:8000";

export default defineConfig({
  base: "/",
  build: {
    outDir: process.env["EXTREMECUT_PAGE"] ?? "../src/extremecut/annotator/page",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    reportCompressedSize: false,
  },
  server: { proxy: { "/api": { target: backend, changeOrigin: true } } },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});
