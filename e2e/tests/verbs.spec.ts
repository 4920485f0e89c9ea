import { expect, expectAccessible, photo, test, tile, tiles, upload, viewer } from '../support/fixtures';

test('the palette reaches places and verbs, and searches for the rest', async ({ home: page }) => {
  await upload(page, [photo('avenue'), photo('fjord')]);
  await tile(page, 'avenue').focus();
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Go to or do' });
  await expect(palette.getByRole('option', { name: /Add to favourites/ })).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.type('favourites');
  await page.keyboard.press('Enter');
  await expect(palette).toBeHidden();

  await page.keyboard.press('Control+k');
  await page.keyboard.type('archive');
  await page.getByRole('option', { name: /^Archive Places/ }).click();
  await expect(page).toHaveURL(/\/archive$/);

  await page.keyboard.press('Control+k');
  await page.keyboard.type('fjord');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/search\?q=fjord/);
  await expect(tiles(page)).toHaveCount(1);
});

test('a drag over circles selects what lies between', async ({ home: page }) => {
  await upload(page, [photo('avenue'), photo('rooftops'), photo('fjord')]);
  const from = tile(page, 'fjord');
  const box = await from.boundingBox();
  const to = await tile(page, 'avenue').boundingBox();
  if (!box || !to) throw new Error('no tiles');
  await from.hover();
  await page.mouse.move(box.x + 20, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 8 });
  await expect(page.getByText(/[23] selected/)).toBeVisible();
  await page.mouse.up();
  await expect(page.getByText(/[23] selected/)).toBeVisible();
  await expect(viewer(page)).toBeHidden();
});

test('what is archived leaves the timeline and can be had back', async ({ home: page }) => {
  await upload(page, [photo('avenue'), photo('fjord')]);
  await tile(page, 'avenue').focus();
  await page.keyboard.press('Shift+A');
  await expect(tiles(page)).toHaveCount(1);
  await expect(page.getByText('Archived', { exact: true })).toBeVisible();
  await page.getByRole('link', { name: 'Archive' }).click();
  await expect(tile(page, 'avenue')).toBeVisible();
  await expectAccessible(page);
  await tile(page, 'avenue').focus();
  await page.keyboard.press('Shift+A');
  await expect(page.getByRole('heading', { name: 'The archive is empty' })).toBeVisible();
});

test('the view is turned, and shown pixel by pixel', async ({ home: page }) => {
  await upload(page, [photo('fjord')]);
  await tile(page, 'fjord').click();
  const picture = viewer(page).locator('.picture');
  await expect(picture).toHaveAttribute('style', /rotate\(0deg\)/);
  await page.keyboard.press(']');
  await expect(picture).toHaveAttribute('style', /rotate\(90deg\)/);
  await page.keyboard.press('[');
  await expect(picture).toHaveAttribute('style', /rotate\(0deg\)/);
});

test('filters of a search stand as chips and are taken away one by one', async ({ home: page }) => {
  await upload(page, [photo('avenue'), photo('rooftops')]);
  await page.goto('/search?q=roof%20type%3Aimage');
  await expect(tiles(page)).toHaveCount(1);
  await page.getByRole('button', { name: 'Remove filter Kind: image' }).click();
  await expect(page).toHaveURL(/\/search\?q=roof$/);
  await expectAccessible(page);
});
