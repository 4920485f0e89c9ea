import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, expectAccessible, test, tiles, uploadPanel, uploadRow } from '../support/fixtures';

const MIB = 1024 * 1024;
const PIECES = '**/api/v1/uploads/tus/*';

/** A file that goes in three pieces. */
async function large(path: string): Promise<string> {
  await writeFile(path, randomBytes(70 * MIB));
  return path;
}

/** What is sent from now on: where each piece began. */
function offsetsOf(page: Page): number[] {
  const offsets: number[] = [];
  page.on('request', (request) => {
    if (request.method() === 'PATCH') offsets.push(Number(request.headers()['upload-offset']));
  });
  return offsets;
}

const choose = (page: Page, path: string): Promise<void> => page.getByTestId('files').setInputFiles(path);

test('a large file goes in pieces, and a broken one is sent again', async ({ home: page }, info) => {
  const path = await large(info.outputPath('film.bin'));
  const offsets = offsetsOf(page);
  let cut = 0;
  await page.route(PIECES, async (route) => {
    const second = route.request().headers()['upload-offset'] === String(32 * MIB);
    if (second && cut === 0) {
      cut += 1;
      return route.abort('connectionreset');
    }
    return route.continue();
  });
  await choose(page, path);
  const row = uploadRow(page, basename(path));
  await expect(row).toContainText('Trying again in');
  await expect(row).toHaveAttribute('data-state', /^(done|kept)$/);
  expect(offsets).toEqual([0, 32 * MIB, 32 * MIB, 64 * MIB]);
  await expect(tiles(page)).toHaveCount(1);
});

test('a file goes on where it was after the page was closed in the middle', async ({ home: page }, info) => {
  const path = await large(info.outputPath('film.bin'));
  // The network goes away with the second piece.
  await page.route(PIECES, (route) => {
    const first = route.request().headers()['upload-offset'] === '0' || route.request().method() !== 'PATCH';
    return first ? route.continue() : route.abort('internetdisconnected');
  });
  await choose(page, path);
  await expect(uploadRow(page, basename(path))).toContainText('Trying again in');
  page.on('dialog', (dialog) => void dialog.accept());
  await page.reload();
  await page.unroute(PIECES);
  await page.locator('#content').waitFor();
  await expect(uploadPanel(page)).toContainText('1 upload is not finished');
  await expect(uploadPanel(page)).toContainText('film.bin');
  await expectAccessible(page);
  const offsets = offsetsOf(page);
  await choose(page, path);
  await expect(uploadRow(page, basename(path))).toHaveAttribute('data-state', /^(done|kept)$/);
  expect(offsets).toEqual([32 * MIB, 64 * MIB]);
  await expect(tiles(page)).toHaveCount(1);
  const { items } = (await (await page.request.get('/api/v1/uploads/tus')).json()) as { items: unknown[] };
  expect(items).toEqual([]);
});

test('a large file can be paused, gone on with, and given up', async ({ home: page }, info) => {
  const path = await large(info.outputPath('film.bin'));
  const name = basename(path);
  const offsets = offsetsOf(page);
  let hold = true;
  await page.route(PIECES, (route) => {
    const later = route.request().method() === 'PATCH' && route.request().headers()['upload-offset'] !== '0';
    return later && hold ? undefined : route.continue();
  });
  await choose(page, path);
  await expect.poll(() => offsets).toEqual([0, 32 * MIB]);
  await page.getByRole('button', { name: `Pause ${name}` }).click();
  const row = uploadRow(page, name);
  await expect(row).toHaveAttribute('data-state', 'paused');
  await expect(row).toContainText('45 %');
  await expectAccessible(page);
  await page.getByRole('button', { name: `Go on with ${name}` }).click();
  await expect.poll(() => offsets).toEqual([0, 32 * MIB, 32 * MIB]);
  await page.getByRole('button', { name: `Cancel ${name}` }).click();
  await expect(row).toHaveAttribute('data-state', 'cancelled');
  await expect
    .poll(async () => ((await (await page.request.get('/api/v1/uploads/tus')).json()) as { items: unknown[] }).items)
    .toEqual([]);
  hold = false;
  await page.getByRole('button', { name: `Retry ${name}` }).click();
  await expect(row).toHaveAttribute('data-state', /^(done|kept)$/);
  await expect(uploadPanel(page)).toContainText('1 added');
});
