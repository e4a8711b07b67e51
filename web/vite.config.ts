import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// `light-dark()` and nesting are written for browsers that have them (2024 and later); a lower
// target would make the minifier replace them by code of its own.
const BROWSERS = ['chrome125', 'edge125', 'firefox128', 'safari18'];

export default defineConfig({
  base: './',
  plugins: [react()],
  build: {
    target: BROWSERS,
    cssTarget: BROWSERS,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    manifest: true,
  },
  server: {
    proxy: {
      '^/(api|prometheus)/': {
        target: process.env.LANNER_URL ?? 'http://127.0.0.1:7070',
        // The server compares a page's origin with the host that it is asked as.
        changeOrigin: false,
      },
    },
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.{ts,tsx}'],
    env: { TZ: 'UTC' },
  },
});
