import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** What the compiler says about a program, as if it stood beside this file. */
function complaints(text: string): string[] {
  const name = here('./example.ts');
  const { config } = ts.readConfigFile(here('../tsconfig.json'), ts.sys.readFile) as { config: object };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, here('..'));
  const paths = { '@mediavault/client': [here('../src/index.ts')] };
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists } = host;
  host.readFile = (path) => (path === name ? text : readFile(path));
  host.fileExists = (path) => path === name || fileExists(path);
  const { getSourceFile } = host;
  host.getSourceFile = (path, target) =>
    path === name ? ts.createSourceFile(path, text, target) : getSourceFile(path, target);
  const program = ts.createProgram([name], { ...options, paths, noUnusedLocals: false }, host);
  return ts.getPreEmitDiagnostics(program).map((one) => ts.flattenDiagnosticMessageText(one.messageText, '\n'));
}

function examples(page: string): string[] {
  return [...readFileSync(here(page), 'utf8').matchAll(/```ts\n([\s\S]*?)```/g)].map((found) => found[1] ?? '');
}

// A compiler starts from nothing each time.
describe('the examples for readers', { timeout: 120_000 }, () => {
  it('are what the client takes', () => {
    const [book, ...rest] = examples('../../../docs/api.md');
    expect(rest).toEqual([]);
    expect(complaints(book ?? '')).toEqual([]);
    for (const text of examples('../README.md')) expect(complaints(`declare const id: string;\n${text}`)).toEqual([]);
  });

  it('would not pass with a field that is not there', () => {
    const wrong = `import { MediaVault } from '@mediavault/client';
      await new MediaVault({ url: '' }).patch('/assets/{id}', { path: { id: 'a' }, body: { stars: 4 } });`;
    expect(complaints(wrong)).toHaveLength(1);
  });
});
