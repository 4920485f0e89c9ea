import { makeCollection, select } from '../support/collections';
import { expect, expectAccessible, expectPicture, photo, test, tile, tiles, upload } from '../support/fixtures';

test('photos are collected, found there, taken out and put back', async ({ home: page }) => {
  await upload(page, [photo('fjord'), photo('avenue')]);
  await select(page, 'fjord');
  await page.getByRole('button', { name: 'Add to collection' }).click();
  const picker = page.getByRole('dialog', { name: 'Add to collection' });
  await expect(picker).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.type('Norway');
  await picker.getByRole('button', { name: 'New collection “Norway”' }).click();
  await expect(page.getByText('1 item added to “Norway”')).toBeVisible();

  await page.goto('/collections');
  await page.getByRole('link', { name: /Norway/ }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Norway' })).toBeVisible();
  await expect(tiles(page)).toHaveCount(1);
  await expectPicture(tile(page, 'fjord'));
  await expectAccessible(page);

  await select(page, 'fjord');
  await page.getByRole('button', { name: 'Remove from collection' }).click();
  await expect(page.getByRole('heading', { name: 'Nothing in here yet' })).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(tiles(page)).toHaveCount(1);
});

test('files uploaded from a collection are in it', async ({ home: page }) => {
  await makeCollection(page, 'Summer');
  await expectAccessible(page);
  await page.getByTestId('files').setInputFiles(photo('avenue'));
  await expect(tiles(page)).toHaveCount(1);
});

test('a collection is described, nested and deleted; its photos stay', async ({ home: page }) => {
  await upload(page, [photo('fjord')]);
  await makeCollection(page, 'Journeys');
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByRole('dialog').getByLabel('Description').fill('Everything by train');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Everything by train')).toBeVisible();

  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('button', { name: 'New collection inside' }).click();
  await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('Alps');
  await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click();
  await page.getByRole('link', { name: /Alps/ }).click();
  await expect(page.getByRole('navigation', { name: 'Where this collection is' })).toContainText('Journeys');

  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('button', { name: 'Delete collection' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete collection' }).click();
  await expect(page).toHaveURL(/\/collections$/);
  await page.goto('/photos');
  await expect(tiles(page)).toHaveCount(1);
});

test('a smart collection holds what its search finds', async ({ home: page }) => {
  await upload(page, [photo('fjord'), photo('avenue')]);
  await page.goto('/collections');
  await page.getByRole('button', { name: 'New smart collection' }).click();
  await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('Fjords');
  await page.getByRole('dialog').getByLabel('Search').fill('name:fjord');
  await expectAccessible(page);
  await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click();
  await expect(tiles(page)).toHaveCount(1);
});

