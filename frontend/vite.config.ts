/// <reference types="vitest/config" />
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// Where `npm run dev` finds the API.
const server = process.env.VALSE_SERVER ?? 'http://localhost:8080';

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: 'dist/app',
    emptyOutDir: true,
    // GraphiQL's editor is one large lazy chunk by nature.
    chunkSizeWarningLimit: 4000,
    rolldownOptions: {
      onLog(level, log, report) {
        // GraphiQL's "use no memo" is meant for a compiler that does not run here.
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') report(level, log);
      },
    },
  },
  worker: { format: 'es' },
  server: {
    proxy: Object.fromEntries(
      ['/graphql', '/covers', '/api'].map((path) => [path, { target: server, changeOrigin: true, ws: true }]),
    ),
  },
  test: {
    include: ['src/**/*.test.{ts,tsx}'],
  },
});
