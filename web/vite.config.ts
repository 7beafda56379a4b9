/** Builds the browser app into web/dist, and serves it beside a running house during development. */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { areaPages } from './area-pages.ts';

/** The address of `kontor up`, for requests to the API. */
const house = 'http://127.0.0.1:3000';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), areaPages(`${import.meta.dirname}/../src/modules`)],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2024',
    cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
    // Fonts and images stay files: the content security policy refuses fonts in data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Without this, the build warns that it is slow on a busy machine.
    rolldownOptions: { checks: { bundlerTimings: false } },
  },
  server: {
    host: '127.0.0.1',
    // The pages of the modules are in src/.
    fs: { allow: ['..'] },
    proxy: {
      '/api': house,
      '/live': { target: house, ws: true },
    },
  },
});
