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
  await expect(palette).toBeVisible();
  await page.keyboard.type('archive');
  await page.getByRole('option', { name: /^Archive Places/ }).click();
  await expect(page).toHaveURL(/\/archive$/);

  await page.keyboard.press('Control+k');
  await expect(palette).toBeVisible();
  await page.keyboard.type('fjord');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/search\?q=fjord/);
  await expect(tiles(page)).toHaveCount(1);
});

test('what is typed while the palette is on its way is for the palette', async ({ home: page }) => {
  await upload(page, [photo('avenue'), photo('fjord')]);
  let arrive = (): void => {};
  const held = new Promise<void>((done) => (arrive = done));
  await page.route(/Palette-[^/]*\.js/, async (route) => {
    await held;
    await route.continue();
  });
  await tile(page, 'avenue').focus();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('fxjord');
  for (let n = 0; n < 5; n += 1) await page.keyboard.press('Backspace');
  await page.keyboard.type('jord');
  arrive();
  await expect(page.getByRole('combobox')).toHaveValue('fjord');
  // Neither F nor X has reached the tile behind.
  await expect(page.getByText(/selected/)).toHaveCount(0);
  expect(((await (await page.request.get('/api/v1/assets?q=is:favourite')).json()) as { items: unknown[] }).items).toEqual([]);
});

test('what is locked away shows behind its own door only', async ({ home: page }) => {
  await upload(page, [photo('avenue'), photo('fjord')]);
  await tile(page, 'avenue').click();
  await viewer(page).getByRole('button', { name: 'More' }).click();
  await page.getByRole('button', { name: 'Move to the locked folder' }).click();
  await expect(page.getByText('Moved to the locked folder')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(tiles(page)).toHaveCount(1);
  await page.goto('/search?q=avenue');
  await expect(page.getByRole('heading', { name: 'Nothing found' })).toBeVisible();
  await page.getByRole('button', { name: 'Account' }).click();
  await page.getByRole('link', { name: 'Locked folder' }).click();
  await expect(tile(page, 'avenue')).toBeVisible();
  await expectAccessible(page);
  await tile(page, 'avenue').focus();
  await page.keyboard.press('x');
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('button', { name: 'Take out of the locked folder' }).click();
  await expect(page.getByRole('heading', { name: 'The locked folder is empty' })).toBeVisible();
  await page.getByRole('link', { name: 'Photos', exact: true }).click();
  await expect(tiles(page)).toHaveCount(2);
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
  await page.getByRole('button', { name: 'Remove filter Kind: photos' }).click();
  await expect(page).toHaveURL(/\/search\?q=roof$/);
  await expectAccessible(page);
});

test('many are changed as one, and undone as one', async ({ home: page }) => {
  await upload(page, [photo('avenue'), photo('rooftops'), photo('fjord')]);
  const tagged = async (): Promise<number> => {
    const answer = await page.request.get('/api/v1/assets?q=tag:holiday');
    return ((await answer.json()) as { items: unknown[] }).items.length;
  };
  await tile(page, 'fjord').focus();
  await page.keyboard.press('Control+a');
  await expect(page.getByText('3 selected')).toBeVisible();
  await page.keyboard.press('t');
  await page.getByRole('dialog').getByRole('textbox', { name: 'Tags' }).fill('holiday');
  await expectAccessible(page);
  await page.keyboard.press('Enter');
  await expect(page.getByText('3 tagged')).toBeVisible();
  expect(await tagged()).toBe(3);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Undone')).toBeVisible();
  expect(await tagged()).toBe(0);
});

test('a wrong clock is put right for a whole selection', async ({ home: page }) => {
  await upload(page, [photo('avenue'), photo('rooftops')]);
  await tile(page, 'avenue').focus();
  await page.keyboard.press('Control+a');
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('button', { name: 'Change date' }).click();
  await page.getByRole('dialog').getByRole('spinbutton', { name: 'Days' }).fill('2');
  await expectAccessible(page);
  await page.getByRole('dialog').getByRole('button', { name: 'Change', exact: true }).click();
  await expect(page.getByRole('heading', { name: /23 Jun 2024/ })).toBeVisible();
});

test('date and versions of an asset are changed in its panel, and every edit is taken back', async ({ home: page }) => {
  await upload(page, [photo('rooftops')]);
  await tile(page, 'rooftops').click();
  await page.keyboard.press('i');
  const panel = viewer(page).getByRole('complementary', { name: 'Information' });
  const taken = panel.locator('[data-fact="taken"]');
  await panel.getByRole('button', { name: 'Change date' }).click();
  const dialog = page.getByRole('dialog', { name: 'When it was taken' });
  await dialog.getByLabel('Date and time').fill('2020-01-02T03:04:05');
  await dialog.getByLabel('Time zone').selectOption('+05:30');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(taken).toContainText('2 January 2020');
  await expect(taken).toContainText('UTC+05:30');
  await panel.getByRole('button', { name: /^Undo: Changed date/ }).click();
  await expect(taken).toContainText('21 June 2024');

  await panel.getByTestId('version-file').setInputFiles(photo('fjord'));
  await expect(panel.locator('[data-version="2"]')).toContainText('Shown now');
  await panel.getByRole('button', { name: 'Make version 1 the current one' }).click();
  await expect(panel.locator('[data-version="3"]')).toContainText('Shown now');
  await expectAccessible(page);
});
