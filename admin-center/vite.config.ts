import { defineConfig } from "vite";

/**
 * The admin center's build. Every style and script element bears a nonce that the gateway puts in the
 * placeholder's place, anew for each page, so that the Content-Security-Policy needs no `unsafe-inline`.
 */
export default defineConfig({
  root: import.meta.dirname,
  html: { cspNonce: "%CSP_NONCE%" },
  oxc: { jsx: { runtime: "automatic" } },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2023",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      onLog(level, log, handle) {
        // "use client" is for servers that render React; there is none here.
        if (log.code !== "MODULE_LEVEL_DIRECTIVE") handle(level, log);
      },
    },
  },
  server: { proxy: { "/api": "http://127.0.0.1:8081" } },
});
