import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { Plugin, Rollup } from 'vite';
import { defineConfig } from 'vitest/config';

const server = process.env.MEDIAVAULT_URL ?? 'http://localhost:8080';

export default defineConfig({
  plugins: [svelte({ dynamicCompileOptions: onlyOursInRunes }), serviceWorker(), compressed()],
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
    rollupOptions: {
      input: { index: 'index.html', docs: 'docs.html', sw: 'src/offline/worker.ts' },
      output: { entryFileNames: ({ name }) => (name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js') },
    },
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

/** Tells the service worker which files the page is made of, and a version that changes with them. */
function serviceWorker(): Plugin {
  return {
    name: 'service-worker',
    // After the styles have become a file.
    enforce: 'post',
    apply: 'build',
    generateBundle(_, bundle) {
      const worker = bundle['sw.js'];
      if (worker?.type !== 'chunk') return;
      if (worker.imports.length > 0) this.error('the service worker must be one file');
      const shell = [...wholePage(bundle)].map((name) => `/${name}`).sort();
      const version = createHash('sha256').update(shell.join('\n') + worker.code).digest('hex').slice(0, 12);
      worker.code = worker.code.replace('__SHELL__', JSON.stringify(shell)).replaceAll('__VERSION__', JSON.stringify(version));
    },
  };
}

/** The page's entry with all it imports, at once or when somebody goes there, and the styles. */
function wholePage(bundle: Rollup.OutputBundle): Set<string> {
  const files = new Set(Object.keys(bundle).filter((name) => name.endsWith('.css')));
  const wanted = Object.values(bundle).flatMap((one) => (one.type === 'chunk' && one.isEntry && one.name === 'index' ? [one.fileName] : []));
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    const chunk = bundle[name];
    if (files.has(name) || chunk?.type !== 'chunk') continue;
    files.add(name);
    wanted.push(...chunk.imports, ...chunk.dynamicImports);
  }
  return files;
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
