// What every test starts from: a vault of its own, and a page that is signed in to it.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, resolve } from 'node:path';
import { expect, test as base, type BrowserContext, type Locator, type Page } from '@playwright/test';
import { Vault } from './vault';

export { expect };

export const ACCOUNT = { email: 'anna@example.org', password: 'correct horse battery', name: 'Anna' };

interface Fixtures {
  vault: Vault;
  /** A page of the first account, on its photos. */
  home: Page;
  /** A browser of somebody else, in which nobody is signed in yet. */
  stranger: () => Promise<Page>;
}

export const test = base.extend<Fixtures>({
  vault: async ({}, use, info) => {
    const vault = await Vault.create();
    await use(vault);
    if (info.status !== info.expectedStatus) await info.attach('server log', { body: vault.log });
    await vault.remove();
  },
  page: async ({ page }, use) => {
    const errors = errorsOf(page);
    await use(page);
    expect(errors).toEqual([]);
  },
  stranger: async ({ browser, vault }, use) => {
    const opened: { context: BrowserContext; errors: string[] }[] = [];
    await use(async () => {
      const context = await browser.newContext({ baseURL: vault.url });
      const page = await context.newPage();
      opened.push({ context, errors: errorsOf(page) });
      return page;
    });
    for (const { context } of opened) await context.close();
    expect(opened.flatMap(({ errors }) => errors)).toEqual([]);
  },
  baseURL: async ({ vault }, use) => use(vault.url),
  home: async ({ page, vault }, use) => {
    const answer = await page.request.post(`${vault.url}/api/v1/auth/register`, {
      data: { ...ACCOUNT, session: 'cookie' },
    });
    expect(answer.status()).toBe(201);
    await page.goto('/photos');
    // Nothing on the page listens before the frame stands.
    await page.locator('#content').waitFor();
    await use(page);
  },
});

/** What is thrown in the page from now on. */
function errorsOf(page: Page): string[] {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.stack ?? error.message));
  return errors;
}

/** A file of the repository's fixtures by its path there. */
export const fixture = (path: string): string => resolve('../fixtures', path);

export const photo = (name: string): string => fixture(`photos/${name}.jpg`);

/** Drops files on the page as a person would: over it first, then letting go. */
export async function drop(page: Page, paths: string[]): Promise<void> {
  const files = paths.map((path) => ({ name: basename(path), base64: readFileSync(path).toString('base64') }));
  const transfer = await page.evaluateHandle((list) => {
    const data = new DataTransfer();
    for (const { name, base64 } of list) {
      data.items.add(new File([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))], name));
    }
    return data;
  }, files);
  await page.dispatchEvent('body', 'dragenter', { dataTransfer: transfer });
  await expect(page.getByTestId('drop-overlay')).toBeVisible();
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
  await expect(page.getByTestId('drop-overlay')).toBeHidden();
}

/** Uploads by the button's file dialog and waits until every one has its picture. */
export async function upload(page: Page, paths: string[]): Promise<void> {
  await page.getByTestId('files').setInputFiles(paths);
  for (const path of paths) await expect(uploadRow(page, basename(path))).toHaveAttribute('data-state', /^(done|kept)$/);
  await uploadPanel(page).getByRole('button', { name: 'Close' }).click();
  await expect(uploadPanel(page)).toBeHidden();
}

export const uploadPanel = (page: Page): Locator => page.getByRole('region', { name: 'Uploads' });

export const uploadRow = (page: Page, name: string): Locator =>
  uploadPanel(page).locator('[data-state]').filter({ hasText: name });

export const tiles = (page: Page): Locator => page.locator('[data-asset]');

export const tile = (page: Page, name: string): Locator => page.locator(`[data-asset][aria-label*="${name}" i]`);

export const viewer = (page: Page): Locator => page.getByRole('dialog', { name: /^(Viewing|Ansicht)/ });

/** The tile's picture has really been drawn. */
export async function expectPicture(shown: Locator): Promise<void> {
  const image = shown.locator('img').first();
  await expect(image).toBeVisible();
  await expect.poll(() => image.evaluate((node) => (node as HTMLImageElement).naturalWidth)).toBeGreaterThan(0);
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Finding {
  id: string;
  help: string;
  nodes: { target: unknown; failureSummary?: string }[];
}

/** No finding of axe at WCAG 2.2 AA, once nothing moves any more. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(() => Promise.allSettled(document.getAnimations().filter((one) => one.effect?.getTiming().iterations !== Infinity).map((one) => one.finished)));
  await page.evaluate(AXE);
  const findings = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run: (root: Document, options: object) => Promise<{ violations: Finding[] }> } };
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    return (await axe.run(document, { runOnly: { type: 'tag', values: tags } })).violations;
  });
  const told = findings.map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.map((node) => `  ${JSON.stringify(node.target)} ${node.failureSummary ?? ''}`).join('\n')}`);
  expect(told.join('\n')).toBe('');
}
