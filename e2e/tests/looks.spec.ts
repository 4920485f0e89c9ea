import { expect, expectAccessible, expectPicture, photo, test, tile, tiles, upload, viewer } from '../support/fixtures';

const ADDRESSES = ['/photos', '/favourites', '/trash', '/search', '/search?q=fjord', '/settings', '/settings/keys', '/settings/export', '/collections', '/shared', '/shared/by-me', '/shared/links', '/import', '/admin/users', '/admin/jobs', '/admin/integrity', '/admin/audit', '/nowhere'];

test.describe('on a German phone at night', () => {
  test.use({ locale: 'de-DE', colorScheme: 'dark', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('every view speaks German, passes axe and does not scroll sideways', async ({ home: page }) => {
    // As long as so many tests: axe reads each view as a whole, which is all processor.
    test.setTimeout(ADDRESSES.length * 10_000);
    await expect(page.getByRole('heading', { name: 'Dein Vault ist bereit' })).toBeVisible();
    await page.getByTestId('files').setInputFiles([photo('fjord'), photo('avenue')]);
    await expectPicture(tile(page, 'fjord'));
    await expectPicture(tile(page, 'avenue'));
    // So that the trash has its verbs, which are the widest head of all.
    await page.getByTestId('files').setInputFiles(photo('daisy'));
    await expectPicture(tile(page, 'daisy'));
    await tile(page, 'daisy').focus();
    await page.keyboard.press('Delete');
    await expect(tile(page, 'daisy')).toHaveCount(0);
    for (const address of ADDRESSES) {
      await page.goto(address);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expectAccessible(page);
      await expectNoSidewaysScroll(page);
    }
    await page.goto('/photos');
    await tile(page, 'fjord').tap();
    await expectPicture(viewer(page));
    await page.getByRole('button', { name: 'Informationen' }).tap();
    await expect(viewer(page)).toContainText('17. September 2024');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Ansicht schließen' }).tap();
    await expect(viewer(page)).toBeHidden();
  });
});

test('everything fits into 320 pixels', async ({ home: page }) => {
  await upload(page, [photo('fjord'), photo('avenue')]);
  await page.setViewportSize({ width: 320, height: 640 });
  for (const address of ADDRESSES) {
    await page.goto(address);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expectNoSidewaysScroll(page);
  }
});

test('the keys are listed on ?', async ({ home: page }) => {
  await page.locator('#content').focus();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
});

test('the live connection comes back after the server was away', async ({ home: page, vault }) => {
  await vault.stop();
  await expect(page.getByText(/^No connection/)).toBeVisible();
  await vault.start();
  await expect(page.getByText(/^No connection/)).toBeHidden({ timeout: 40_000 });
  await upload(page, [photo('fjord')]);
  await expect(tiles(page)).toHaveCount(1);
});

async function expectNoSidewaysScroll(page: import('@playwright/test').Page): Promise<void> {
  const over = await page.evaluate(() =>
    [...document.querySelectorAll('body, main, main *')]
      .filter((node) => node.scrollWidth > node.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(node).overflowX))
      .map((node) => node.className || node.tagName)
      .concat(document.documentElement.scrollWidth > innerWidth ? ['document'] : []),
  );
  expect(over).toEqual([]);
}
