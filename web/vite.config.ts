import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const server = process.env.MEDIAVAULT_URL ?? 'http://localhost:8080';

export default defineConfig(({ command }) => ({
  // @lucide/svelte ships a runes and a legacy switch of its own: only our files are forced to runes.
  plugins: [svelte({ dynamicCompileOptions: onlyOursInRunes })],
  resolve: { alias: { $lib: fileURLToPath(new URL('./src/lib', import.meta.url)) } },
  build: { target: 'es2022', assetsDir: 'assets', cssCodeSplit: false, reportCompressedSize: command === 'build' },
  worker: { format: 'es' },
  server: { proxy: { '/api': { target: server }, '/health': { target: server } } },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
}));

function onlyOursInRunes({ filename }: { filename: string }) {
  return filename.includes('node_modules') ? undefined : { runes: true };
}
