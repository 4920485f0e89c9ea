// What people do who are in a hurry, use two tabs, or have unusual names.

import { readFileSync } from 'node:fs';
import { makeCollection } from '../support/collections';
import { drop, expect, expectAccessible, expectPicture, photo, test, tile, tiles, upload, uploadPanel, uploadRow } from '../support/fixtures';
import { openSharing } from '../support/sharing';

const ODD_NAMES = [
  'שלום עולם (2024).jpg',
  '🌊🏖️ summer “at the sea” & <b>more.jpg',
  `${'a very long name without end '.repeat(6)}.jpg`,
];

test('a second press of a button makes nothing twice', async ({ home: page }) => {
  await makeCollection(page, 'Once');
  const dialog = await openSharing(page);
  await dialog.getByRole('button', { name: 'New link' }).click();
  await dialog.getByRole('button', { name: 'Create link' }).dblclick();
  await expect(dialog.getByRole('link')).toHaveCount(1);
  await page.goto('/shared/links');
  await expect(page.getByRole('list', { name: 'Links' }).getByRole('listitem')).toHaveCount(1);

  await page.goto('/settings/keys');
  await page.getByLabel('What it is for').fill('Twice pressed');
  await page.getByRole('button', { name: 'Create key' }).dblclick();
  await page.getByRole('button', { name: 'I have copied it' }).click();
  await expect(page.getByRole('button', { name: 'Revoke Twice pressed' })).toHaveCount(1);
});

test('the second press of a double click is for nothing that came in its place', async ({ home: page }) => {
  await page.goto('/settings/keys');
  await page.getByLabel('What it is for').fill('Shown once');
  const make = page.getByRole('button', { name: 'Create key' });
  const at = await make.boundingBox();
  if (!at) throw new Error('no button');
  await page.mouse.move(at.x + at.width / 2, at.y + at.height / 2);
  await page.mouse.down();
  await page.mouse.up();
  // However quick the answer was: the dialog stands before the second press, and its backdrop takes it.
  const key = page.getByTestId('new-key');
  await expect(key).toBeVisible();
  await page.mouse.down({ clickCount: 2 });
  await page.mouse.up({ clickCount: 2 });
  // Nor does a press beside it, which closes what can be opened again.
  await page.mouse.click(5, 5);
  await page.keyboard.press('Enter');
  await expect(key).toBeVisible();
  await page.getByRole('button', { name: 'I have copied it' }).click();
  await page.getByRole('button', { name: 'Revoke Shown once' }).click();
  const question = page.getByRole('dialog', { name: /^Revoke/ });
  await expect(question).toBeVisible();
  await page.mouse.click(5, 5);
  await expect(question).toBeHidden();
});

test('text selected in a dialog, past its edge, does not close it', async ({ home: page }) => {
  await page.goto('/collections');
  await page.getByRole('button', { name: 'New collection' }).first().click();
  const name = page.getByRole('dialog').getByLabel('Name', { exact: true });
  await name.fill('Summer by the sea');
  const box = await name.boundingBox();
  if (!box) throw new Error('no field');
  await page.mouse.move(box.x + 100, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(5, box.y, { steps: 5 });
  await page.mouse.up();
  await expect(name).toHaveValue('Summer by the sea');
  await expect(page.getByRole('dialog')).toBeVisible();
});

test('going back leaves an open dialog behind', async ({ home: page }) => {
  await makeCollection(page, 'Open');
  await openSharing(page);
  await page.goBack();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByRole('heading', { level: 1, name: 'Collections' })).toBeVisible();
  await page.goForward();
  await expect(page.getByRole('heading', { level: 1, name: 'Open' })).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('names of any script, with signs and without end, are kept and shown', async ({ home: page }) => {
  const content = readFileSync(photo('fjord'));
  // Each of its own content, which a byte behind the picture's end is enough for.
  const files = ODD_NAMES.map((name, at) => ({ name, mimeType: 'image/jpeg', buffer: Buffer.concat([content, Buffer.from([at])]) }));
  await page.getByTestId('files').setInputFiles(files);
  await expect(uploadPanel(page)).toContainText('3 added');
  await expect(tiles(page)).toHaveCount(ODD_NAMES.length);
  const labels = await tiles(page).evaluateAll((nodes) => nodes.map((node) => node.getAttribute('aria-label') ?? '').join('\n'));
  for (const name of ODD_NAMES) expect(labels).toContain(name);
  // Written from right to left, and kept from turning the words around it.
  await expect(uploadRow(page, 'שלום').locator('.name')).toHaveAttribute('dir', 'auto');
  expect(labels).toContain(`\u2068${ODD_NAMES[0]}\u2069,`);
  await expectAccessible(page);
  const beside = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  expect(beside).toBe(false);
});

test('the same files dropped twice in a row are here once', async ({ home: page }) => {
  await drop(page, [photo('fjord'), photo('avenue')]);
  await drop(page, [photo('fjord'), photo('avenue')]);
  await expect(uploadPanel(page)).toContainText('Upload finished');
  await expect(uploadPanel(page)).toContainText('2 added');
  await expect(tiles(page)).toHaveCount(2);
});

test('a file that is no picture, under a picture’s name, says so and is kept', async ({ home: page }) => {
  await page.getByTestId('files').setInputFiles({ name: 'holiday.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('this was never a photo') });
  await expect(uploadRow(page, 'holiday.jpg')).toHaveAttribute('data-state', /^(kept|failed)$/);
  await expectAccessible(page);
});

test('a reload in the middle of an upload asks first, and what was sent is here', async ({ home: page }) => {
  let held = false;
  await page.route('**/api/v1/assets', async (route) => {
    if (route.request().method() !== 'POST' || !held) return route.continue();
  });
  await upload(page, [photo('avenue')]);
  held = true;
  await drop(page, [photo('fjord')]);
  await expect(uploadRow(page, 'fjord.jpg')).toHaveAttribute('data-state', 'sending');
  const asked = page.waitForEvent('dialog');
  // A reload that was called off never ends, so it is not waited for.
  void page.evaluate(() => setTimeout(() => location.reload()));
  const question = await asked;
  expect(question.type()).toBe('beforeunload');
  await question.dismiss();
  await expect(uploadRow(page, 'fjord.jpg')).toHaveAttribute('data-state', 'sending');
  await expectPicture(tile(page, 'avenue'));
});

test('two tabs of one person agree: what one says, the other shows', async ({ home: page, context }) => {
  await upload(page, [photo('fjord')]);
  const other = await context.newPage();
  await other.goto('/favourites');
  await expect(other.getByRole('heading', { name: 'No favourites yet' })).toBeVisible();
  await tile(page, 'fjord').focus();
  await page.keyboard.press('f');
  await expectPicture(tile(other, 'fjord'));
  await page.getByRole('button', { name: 'Account' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await other.goto('/settings');
  await expect(other.getByRole('heading', { name: 'Sign in' })).toBeVisible();
});
