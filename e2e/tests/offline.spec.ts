import type { Page } from '@playwright/test';
import { expect, expectAccessible, expectPicture, photo, test, tile, upload } from '../support/fixtures';

interface Manifest {
  start_url: string;
  display: string;
  icons: { src: string; type: string; sizes: string }[];
}

test('the page can be installed', async ({ home: page }) => {
  const address = await page.locator('link[rel="manifest"]').getAttribute('href');
  const manifest = (await (await page.request.get(address ?? '')).json()) as Manifest;
  expect([manifest.start_url, manifest.display]).toEqual(['/photos', 'standalone']);
  expect(manifest.icons.map(({ sizes }) => sizes)).toEqual(expect.arrayContaining(['192x192', '512x512']));
  for (const { src, type } of manifest.icons) {
    const icon = await page.request.get(src);
    expect([icon.status(), icon.headers()['content-type']]).toEqual([200, type]);
  }
});

test.describe('with the service worker', () => {
  test.use({ serviceWorkers: 'allow' });

  /** How many thumbnails this device keeps. */
  const kept = (page: Page): Promise<number> =>
    page.evaluate(async () => {
      const names = (await caches.keys()).filter((name) => name.startsWith('mv-seen-picture-'));
      const keys = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
      return keys.flat().length;
    });

  /** Reloads under the worker, which was only just installed, until it has what is shown. */
  async function see(page: Page, names: string[]): Promise<void> {
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.reload();
    for (const name of names) await expectPicture(tile(page, name));
    await expect.poll(() => kept(page)).toBeGreaterThanOrEqual(names.length);
  }

  test('without the server the page opens and shows what was seen', async ({ home: page, vault }) => {
    await upload(page, [photo('fjord'), photo('avenue')]);
    await see(page, ['fjord', 'avenue']);
    await vault.stop();
    await page.reload();
    await expectPicture(tile(page, 'fjord'));
    await expectPicture(tile(page, 'avenue'));
    await expect(page.getByText('No connection. You see what was seen on this device before.')).toBeVisible();
    await expectAccessible(page);

    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('link', { name: 'API keys' }).click();
    await expect(page.getByText('The server cannot be reached. Check your connection.')).toBeVisible();
    await vault.start();
    await expect(page.getByText('No connection.')).toBeHidden({ timeout: 40_000 });
  });

  test('signing out forgets what was seen', async ({ home: page, vault }) => {
    await upload(page, [photo('fjord')]);
    await see(page, ['fjord']);
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
    await expect.poll(() => kept(page)).toBe(0);
    await vault.stop();
    await page.reload();
    await expect(page.getByText('The server cannot be reached.')).toBeVisible();
    await expectAccessible(page);
  });
});
