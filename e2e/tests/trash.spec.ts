import { readFile } from 'node:fs/promises';
import { expect, expectAccessible, photo, test, tile, tiles, upload, viewer } from '../support/fixtures';

test('the trash takes, gives back, and deletes for good only after asking', async ({ home: page }) => {
  await upload(page, [photo('avenue'), photo('fjord')]);
  await tile(page, 'avenue').focus();
  await page.keyboard.press('Delete');
  await expect(tile(page, 'avenue')).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(tile(page, 'avenue')).toBeVisible();

  await tile(page, 'avenue').focus();
  await page.keyboard.press('Delete');
  await expect(tile(page, 'avenue')).toHaveCount(0);
  await page.getByRole('link', { name: 'Trash' }).click();
  await expect(tile(page, 'avenue')).toBeVisible();
  await expectAccessible(page);

  await page.reload();
  await tile(page, 'avenue').focus();
  await page.keyboard.press('x');
  await page.getByRole('toolbar').getByRole('button', { name: 'Delete for good' }).click();
  const question = page.getByRole('dialog', { name: 'Delete this for good?' });
  await expect(question).toBeVisible();
  await expectAccessible(page);
  await question.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('toolbar').getByRole('button', { name: 'Restore' }).click();
  await expect(page.getByRole('heading', { name: 'The trash is empty' })).toBeVisible();

  await page.getByRole('link', { name: 'Photos' }).click();
  await expect(tiles(page)).toHaveCount(2);
  await tile(page, 'avenue').focus();
  await page.keyboard.press('Delete');
  await page.getByRole('link', { name: 'Trash' }).click();
  await page.getByRole('button', { name: 'Empty trash' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete for good' }).click();
  await expect(page.getByText('Deleted for good')).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'The trash is empty' })).toBeVisible();
});

test('deleting in the viewer goes on to the next one', async ({ home: page }) => {
  await upload(page, [photo('avenue'), photo('fjord')]);
  await tile(page, 'fjord').click();
  await expect(viewer(page)).toBeVisible();
  await page.keyboard.press('Delete');
  await expect(page).toHaveTitle(/avenue/);
  await page.keyboard.press('Escape');
  await expect(tiles(page)).toHaveCount(1);
});

test('a selection is made by key, click and day, and downloaded as one ZIP', async ({ home: page }) => {
  await upload(page, [photo('avenue'), photo('rooftops'), photo('fjord')]);
  await tile(page, 'fjord').focus();
  await page.keyboard.press('x');
  await tile(page, 'rooftops').click({ modifiers: ['Shift'] });
  await expect(page.getByText('3 selected')).toBeVisible();
  await tile(page, 'fjord').click({ modifiers: ['Control'] });
  await expect(page.getByText('2 selected')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('checkbox', { name: /Select everything of .*21 Jun 2024/ }).click();
  await expect(page.getByText('2 selected')).toBeVisible();
  await expectAccessible(page);

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download as ZIP' }).click(),
  ]);
  const zip = await readFile(await download.path());
  expect(zip.subarray(0, 4).toString('latin1')).toBe('PK\u0003\u0004');
  for (const name of ['avenue.jpg', 'rooftops.jpg']) expect(zip.includes(name)).toBe(true);
  await expect(page).toHaveURL(/\/photos$/);
});

test('the viewer deletes for good from the trash, after asking', async ({ home: page }) => {
  await upload(page, [photo('avenue'), photo('fjord')]);
  await tile(page, 'fjord').focus();
  await page.keyboard.press('Delete');
  await expect(tiles(page)).toHaveCount(1);
  await page.getByRole('link', { name: 'Trash' }).click();
  await tile(page, 'fjord').click();
  await expect(page).toHaveURL(/\?in=trash$/);
  await viewer(page).getByRole('button', { name: 'Delete for good' }).click();
  await page.getByRole('dialog', { name: 'Delete this for good?' }).getByRole('button', { name: 'Delete for good' }).click();
  await expect(viewer(page)).toBeHidden();
  await expect(page.getByRole('heading', { name: 'The trash is empty' })).toBeVisible();
});
