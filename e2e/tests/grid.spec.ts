import { readdirSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect, fixture, test, tiles, viewer } from '../support/fixtures';

test.use({ viewport: { width: 800, height: 900 } });

const photos = readdirSync(fixture('photos')).map((name) => fixture(`photos/${name}`));

/** Uploads every photo and waits until all stand under the day they were taken. */
async function uploadAll(page: Page): Promise<void> {
  await page.getByTestId('files').setInputFiles(photos);
  await expect(page.getByText(`${photos.length} added`)).toBeVisible();
  await expect
    .poll(async () => {
      const answer = await page.request.get('/api/v1/assets');
      return ((await answer.json()) as { items: { status: string }[] }).items.filter((one) => one.status === 'ready').length;
    })
    .toBe(photos.length);
  await page.reload();
  await expect(tiles(page).first()).toBeVisible();
}

/** A tile that is wholly in view, so that a click need not scroll. */
async function tileInView(page: Page): Promise<string> {
  const id = await tiles(page).evaluateAll((all) => {
    const view = document.querySelector('.scroller')?.getBoundingClientRect();
    const inside = all.find((one) => {
      const box = one.getBoundingClientRect();
      return view !== undefined && box.top > view.top + 60 && box.bottom < view.bottom;
    });
    return inside?.getAttribute('data-asset') ?? '';
  });
  return `[data-asset="${id}"]`;
}

test('the place in the grid is kept: back, reload, and behind the viewer', async ({ home: page }) => {
  await uploadAll(page);

  const grid = page.locator('.scroller');
  const place = (): Promise<number> => grid.evaluate((node) => Math.round(node.scrollTop));
  await grid.evaluate((node) => (node.scrollTop = 700));
  await expect.poll(place).toBe(700);

  await page.getByRole('link', { name: 'Favourites' }).click();
  await expect(page.getByRole('heading', { name: 'No favourites yet' })).toBeVisible();
  await page.goBack();
  await expect.poll(place).toBe(700);

  await page.reload();
  await expect.poll(place).toBe(700);

  await page.locator(await tileInView(page)).click();
  await expect(viewer(page)).toBeVisible();
  await page.goBack();
  await expect(viewer(page)).toBeHidden();
  await expect.poll(place).toBe(700);

  await page.getByRole('link', { name: 'Trash' }).click();
  await page.getByRole('link', { name: 'Photos' }).click();
  await expect(tiles(page).first()).toBeVisible();
  await expect.poll(place).toBe(0);
});

test('arrows move through days and never lose the focus', async ({ home: page }) => {
  await uploadAll(page);
  await page.locator('#content').focus();
  await page.keyboard.press('Home');
  const focused = (): Promise<string | undefined> =>
    page.evaluate(() => (document.activeElement instanceof HTMLElement ? document.activeElement.dataset['asset'] : undefined));
  await expect.poll(focused).toBeDefined();
  const seen = new Set<string | undefined>();
  for (let press = 0; press < photos.length - 1; press += 1) {
    seen.add(await focused());
    await page.keyboard.press('ArrowRight');
  }
  seen.add(await focused());
  expect(seen.has(undefined)).toBe(false);
  expect(seen.size).toBe(photos.length);
  await page.locator('.scroller').evaluate((node) => (node.scrollTop = 0));
  await expect.poll(focused).toBeDefined();
});
