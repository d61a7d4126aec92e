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
    // The first browsers with light-dark(), which must reach them as written.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
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
  // These import workers in Vite's own way, which its dependency bundler cannot read.
  optimizeDeps: { exclude: ['graphiql/setup-workers/vite', '@graphiql/react/setup-workers/vite'] },
  server: {
    proxy: Object.fromEntries(
      ['/graphql', '/covers', '/api'].map((path) => [path, { target: server, changeOrigin: true, ws: true }]),
    ),
  },
  test: {
    include: ['src/**/*.test.{ts,tsx}'],
    testTimeout: 60_000, // for slow machines
  },
});
