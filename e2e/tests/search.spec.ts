import { expect, expectAccessible, fixture, photo, test, tile, tiles, upload, viewer } from '../support/fixtures';

test('words and filters find, and the address keeps what was asked', async ({ home: page }) => {
  await upload(page, [photo('avenue'), photo('rooftops'), photo('fjord'), fixture('formats/note.txt')]);
  const box = page.getByRole('textbox', { name: 'Search' });
  await page.locator('#content').focus();
  await page.keyboard.press('/');
  await expect(box).toBeFocused();
  await box.fill('roof');
  await page.keyboard.press('Enter');
  await expect(tiles(page)).toHaveCount(1);
  await expect(tile(page, 'rooftops')).toBeVisible();
  await expect(page.getByText('1 result', { exact: true })).toBeVisible();

  await box.fill('camera:"Pocket 4" after:2024-06');
  await page.keyboard.press('Enter');
  await expect(tiles(page)).toHaveCount(2);
  await page.reload();
  await expect(tiles(page)).toHaveCount(2);
  await expect(box).toHaveValue('camera:"Pocket 4" after:2024-06');
  await expectAccessible(page);

  await tiles(page).first().click();
  await expect(viewer(page)).toBeVisible();
  await page.reload();
  await expect(viewer(page)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(tiles(page)).toHaveCount(2);
  await page.goBack();
  await expect(tiles(page)).toHaveCount(1);
});

test('a mistake is shown at its place, and nothing found says so', async ({ home: page }) => {
  await page.goto('/search?q=sea%20type%3Apicture');
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('This search could not be understood');
  await expect(alert).toContainText('The difficulty is at “type:picture”.');
  await expect(alert).toContainText('image');
  await expectAccessible(page);

  await page.goto('/search?q=nowhere');
  await expect(page.getByRole('heading', { name: 'Nothing found' })).toBeVisible();
  await page.goto('/search');
  await expect(page.getByRole('heading', { name: 'Search your vault' })).toBeVisible();
  await expectAccessible(page);
});

test('offered filters write the query', async ({ home: page }) => {
  await upload(page, [photo('avenue'), fixture('formats/note.txt')]);
  await page.getByRole('textbox', { name: 'Search' }).click();
  await page.getByRole('group', { name: 'Filters' }).getByText('Only photos').click();
  await expect(page).toHaveURL(/q=type%3Aimage/);
  await expect(tiles(page)).toHaveCount(1);
});
