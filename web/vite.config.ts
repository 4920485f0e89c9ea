import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const server = process.env.MEDIAVAULT_URL ?? 'http://localhost:8080';

export default defineConfig({
  plugins: [svelte({ dynamicCompileOptions: onlyOursInRunes }), compressed()],
  resolve: {
    alias: {
      $lib: fileURLToPath(new URL('./src/lib', import.meta.url)),
      '@mediavault/client': fileURLToPath(new URL('../sdk/typescript/src/index.ts', import.meta.url)),
    },
    // Tests run stores as the browser does.
    ...(process.env.VITEST ? { conditions: ['browser'] } : {}),
  },
  build: {
    target: 'es2022',
    cssCodeSplit: false,
    rollupOptions: { input: ['index.html', 'docs.html'] },
  },
  worker: { format: 'es' },
  server: {
    fs: { allow: ['.', '../sdk/typescript/src'] },
    proxy: { '/api': { target: server }, '/health': { target: server } },
  },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
});

/** The icon package has components in the older mode too: only our own are held to runes. */
function onlyOursInRunes({ filename }: { filename: string }) {
  return filename.includes('node_modules') ? undefined : { runes: true };
}

/** Lays `.br` and `.gz` beside every text file, which the server sends to whoever takes them. */
function compressed(): Plugin {
  let outDir = '';
  return {
    name: 'compressed',
    apply: 'build',
    configResolved(config) {
      outDir = config.build.outDir;
    },
    async closeBundle() {
      for (const entry of await readdir(outDir, { recursive: true })) {
        if (!/\.(js|css|html|svg)$/.test(entry)) continue;
        const file = join(outDir, entry);
        const text = await readFile(file);
        await writeFile(`${file}.br`, await promisify(brotliCompress)(text));
        await writeFile(`${file}.gz`, await promisify(gzip)(text, { level: 9 }));
      }
    },
  };
}
