import { expect, expectAccessible, expectPicture, photo, test, tile, tiles, upload, viewer } from '../support/fixtures';

test('keys lead through the grid, into the viewer and back to the same place', async ({ home: page }) => {
  await upload(page, [photo('avenue'), photo('rooftops'), photo('fjord')]);
  await expect(tiles(page)).toHaveCount(3);
  await page.locator('#content').focus();
  await page.keyboard.press('ArrowRight');
  await expect(tile(page, 'fjord')).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(tile(page, 'avenue')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveTitle(/avenue/);
  await expectPicture(viewer(page));
  await expectAccessible(page);

  await page.keyboard.press('ArrowRight');
  await expect(page).toHaveTitle(/Rooftops/);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect(page).toHaveTitle(/fjord/);
  await page.keyboard.press('Escape');
  await expect(viewer(page)).toBeHidden();
  await expect(page).toHaveURL(/\/photos$/);
  await expect(tile(page, 'fjord')).toBeFocused();
});

test('the panel shows what is known and what was done', async ({ home: page }) => {
  await upload(page, [photo('rooftops')]);
  await tile(page, 'rooftops').click();
  await page.keyboard.press('i');
  const panel = viewer(page).getByRole('complementary', { name: 'Information' });
  const fact = (key: string) => panel.locator(`[data-fact="${key}"]`);
  await expect(fact('taken')).toContainText('21 June 2024');
  await expect(fact('taken')).toContainText('21:58:13');
  await expect(fact('taken')).toContainText('UTC+02:00');
  await expect(fact('camera')).toContainText('Linden Pocket 4');
  await expect(fact('place')).toContainText('52.52080° N, 13.40940° E');
  await expect(fact('file')).toContainText('1,280 × 853');
  await expect(panel).toContainText('b9edf42b7a6c492f1db8ff522f40c54f6c8dd102a7d34f8afcb82d6dbd5cc149');
  await expect(panel.locator('[data-step]').first()).toHaveAttribute('data-state', 'done');
  await expectAccessible(page);
});

test('title, rating and favourite are kept', async ({ home: page }) => {
  await upload(page, [photo('rooftops')]);
  await tile(page, 'rooftops').click();
  await page.keyboard.press('i');
  const panel = viewer(page).getByRole('complementary', { name: 'Information' });
  await panel.getByLabel('Title', { exact: true }).fill('Above the roofs');
  await page.keyboard.press('Enter');
  await expect(page).toHaveTitle(/Above the roofs/);
  await page.keyboard.press('4');
  await page.keyboard.press('f');
  await expect(viewer(page).getByRole('button', { name: 'Remove from favourites' })).toBeVisible();
  await page.reload();
  await expect(page).toHaveTitle(/Above the roofs/);
  await expect(panel.getByLabel('Title', { exact: true })).toHaveValue('Above the roofs');
  await expect(panel.getByRole('group', { name: 'Rating: 4 stars' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Favourites' }).click();
  await expect(tile(page, 'above the roofs')).toBeVisible();
});

test('zoom goes to the original’s own pixels and back', async ({ home: page }) => {
  await upload(page, [photo('fjord')]);
  await tile(page, 'fjord').click();
  await expectPicture(viewer(page));
  const stage = viewer(page).locator('[data-zoom]');
  await expect(stage).toHaveAttribute('data-zoom', '1.00');
  await page.keyboard.press('+');
  await expect(stage).toHaveAttribute('data-zoom', '1.50');
  await page.keyboard.press('z');
  await expect(stage).toHaveAttribute('data-zoom', '1.00');
  await stage.dblclick();
  await expect(stage).not.toHaveAttribute('data-zoom', '1.00');
  await stage.hover();
  await page.mouse.wheel(0, -2_000);
  await expect(viewer(page).getByTestId('original')).toBeVisible();
});

test('the original is downloaded byte for byte', async ({ home: page }) => {
  await upload(page, [photo('fjord')]);
  await tile(page, 'fjord').click();
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Shift+D')]);
  expect(download.suggestedFilename()).toBe('fjord.jpg');
  const { readFile } = await import('node:fs/promises');
  expect((await readFile(await download.path())).equals(await readFile(photo('fjord')))).toBe(true);
});
