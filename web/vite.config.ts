/** Builds the browser app into web/dist, and serves it beside a running house while one works on it. */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `kontor up` listens while `vite web` serves the app itself. */
const house = 'http://127.0.0.1:3000';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2024',
    cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
    // Fonts and pictures stay files: the content security policy refuses data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    host: '127.0.0.1',
    // The pages of the modules lie in src/, beside this folder.
    fs: { allow: ['..'] },
    proxy: {
      '/api': house,
      '/live': { target: house, ws: true },
    },
  },
});
