import { drop, expect, expectAccessible, expectPicture, fixture, photo, test, tile, tiles, upload, uploadPanel, uploadRow, viewer } from '../support/fixtures';

test('dropped photos are sent, become pictures, and stand under their days', async ({ home: page }) => {
  await drop(page, [photo('avenue'), photo('balloons'), photo('fjord')]);
  for (const name of ['avenue.jpg', 'balloons.jpg', 'fjord.jpg']) {
    await expect(uploadRow(page, name)).toHaveAttribute('data-state', 'done');
    await expectPicture(tile(page, name.replace('.jpg', '')));
  }
  await expect(uploadPanel(page)).toContainText('Upload finished');
  await expect(uploadPanel(page)).toContainText('3 added');
  await expect(page.getByRole('heading', { name: /21 Jun 2024/ })).toBeVisible();
  await expect(page.getByRole('heading', { name: /17 Sept? 2024/ })).toBeVisible();
  await expect(tiles(page).first()).toHaveAttribute('aria-label', /fjord/);
  await expectAccessible(page);
});

test('what is here already is skipped and linked', async ({ home: page }) => {
  await upload(page, [photo('avenue')]);
  await drop(page, [photo('avenue'), photo('daisy')]);
  const row = uploadRow(page, 'avenue.jpg');
  await expect(row).toHaveAttribute('data-state', 'duplicate');
  await expect(uploadRow(page, 'daisy.jpg')).toHaveAttribute('data-state', 'done');
  await expect(uploadPanel(page)).toContainText('1 already here');
  await row.getByRole('link').click();
  await expect(viewer(page)).toBeVisible();
  await expect(page).toHaveTitle(/avenue/);
});

test('what was in the trash comes back when it is uploaded again', async ({ home: page }) => {
  await upload(page, [photo('avenue')]);
  await tile(page, 'avenue').focus();
  await page.keyboard.press('Delete');
  await expect(tiles(page)).toHaveCount(0);
  await drop(page, [photo('avenue')]);
  await expect(uploadRow(page, 'avenue.jpg')).toHaveAttribute('data-state', 'restored');
  await expectPicture(tile(page, 'avenue'));
});

test('another open page sees new photos without reloading', async ({ home: page, context }) => {
  const other = await context.newPage();
  await other.goto('/photos');
  await expect(other.getByRole('heading', { name: 'Your vault is ready' })).toBeVisible();
  await upload(page, [photo('harbour')]);
  await expectPicture(tile(other, 'harbour'));
});

test('an upload goes on while one looks elsewhere', async ({ home: page }) => {
  await drop(page, [photo('avenue'), photo('balloons'), photo('blue-sea'), photo('clearing')]);
  await page.getByRole('link', { name: 'Settings' }).click();
  await expect(page.getByRole('heading', { name: 'Profile' })).toBeVisible();
  await expect(uploadPanel(page)).toContainText('4 added');
  await page.getByRole('link', { name: 'Photos' }).click();
  await expect(tiles(page)).toHaveCount(4);
});

test('a network failure is tried again until it works', async ({ home: page }) => {
  let failures = 0;
  await page.route('**/api/v1/assets', async (route) => {
    if (route.request().method() !== 'POST' || failures >= 2) return route.continue();
    failures += 1;
    return failures === 1 ? route.abort('connectionreset') : route.fulfill({ status: 503, headers: { 'Retry-After': '1' }, body: '' });
  });
  await drop(page, [photo('summit')]);
  await expect(uploadRow(page, 'summit.jpg')).toContainText('Trying again in');
  await expect(uploadRow(page, 'summit.jpg')).toHaveAttribute('data-state', 'done');
  expect(failures).toBe(2);
});

test('files without a picture are kept and labelled with why', async ({ home: page }) => {
  await drop(page, [fixture('formats/note.txt')]);
  await expect(uploadRow(page, 'note.txt')).toHaveAttribute('data-state', /^(done|kept)$/);
  await expect(tile(page, 'note.txt')).toContainText('note.txt');
  await expect(tile(page, 'note.txt')).toHaveAccessibleName(/^Document, note.txt/);
});

test('a refusal names its reason and can be tried again', async ({ home: page }) => {
  await page.route('**/api/v1/assets', (route) =>
    route.fulfill({
      status: 415,
      contentType: 'application/problem+json',
      body: JSON.stringify({ type: 'about:blank', title: '', status: 415, code: 'type_not_allowed', detail: '' }),
    }),
    { times: 1 },
  );
  await drop(page, [photo('summit')]);
  const row = uploadRow(page, 'summit.jpg');
  await expect(row).toContainText('Files of this type are not accepted here.');
  await expect(uploadPanel(page)).toContainText('1 failed');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Retry summit.jpg' }).click();
  await expect(row).toHaveAttribute('data-state', 'done');
});

test('one file or all can be cancelled', async ({ home: page }) => {
  await page.route('**/api/v1/assets', (route) => (route.request().method() === 'POST' ? undefined : route.continue()));
  await drop(page, [photo('summit'), photo('fjord')]);
  await expect(uploadRow(page, 'summit.jpg')).toHaveAttribute('data-state', 'sending');
  await page.getByRole('button', { name: 'Cancel summit.jpg' }).click();
  await expect(uploadRow(page, 'summit.jpg')).toHaveAttribute('data-state', 'cancelled');
  await page.getByRole('button', { name: 'Cancel all' }).click();
  await expect(uploadPanel(page)).toContainText('Upload cancelled');
  await expect(page.getByRole('heading', { name: 'Your vault is ready' })).toBeVisible();
});

test('a whole folder is taken, and every picture format shows its picture', async ({ home: page }) => {
  await page.getByTestId('folder').setInputFiles(fixture('formats'));
  await expect(uploadPanel(page)).toContainText('11 added');
  const formats = ['alpha.png', 'animated.gif', 'display-p3.jpg', 'drawing.bmp', 'drawing.svg', 'picture.avif', 'picture.heic', 'picture.jxl', 'picture.webp', 'scan.tiff'];
  for (const name of formats) await expectPicture(tile(page, name));
});

test('a pasted picture is uploaded', async ({ home: page }) => {
  const { readFile } = await import('node:fs/promises');
  const base64 = (await readFile(photo('daisy'))).toString('base64');
  await page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([Uint8Array.from(atob(text), (char) => char.charCodeAt(0))], 'pasted.jpg'));
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, base64);
  await expect(uploadRow(page, 'pasted.jpg')).toHaveAttribute('data-state', 'done');
});
