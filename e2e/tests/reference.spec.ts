import { expect, expectAccessible, test } from '../support/fixtures';

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`the API reference, ${colorScheme}`, () => {
    test.use({ colorScheme });

    test('lists, finds and explains every operation without asking anybody else', async ({ page, vault }) => {
      const elsewhere: string[] = [];
      page.on('request', (request) => {
        if (new URL(request.url()).origin !== new URL(vault.url).origin) elsewhere.push(request.url());
      });
      const refused: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') refused.push(message.text());
      });
      await page.goto('/api/docs');
      await expect(page.getByRole('heading', { level: 1, name: 'API reference' })).toBeVisible();
      await expectAccessible(page);

      await page.getByRole('searchbox').fill('POST upload one');
      const operation = page.locator('#post_assets');
      await operation.locator('summary').first().click();
      await expect(operation.getByRole('heading', { name: 'Answers' })).toBeVisible();
      await expect(operation.getByRole('region', { name: 'curl' })).toContainText('-F file=@photo.jpg');
      await expectAccessible(page);
      expect(elsewhere).toEqual([]);
      expect(refused).toEqual([]);
    });
  });
}

test('a link opens the operation it names, and it can be tried', async ({ home: page }) => {
  await page.goto('/api/docs#get_assets');
  const operation = page.locator('#get_assets');
  await expect(operation.getByRole('heading', { name: 'Parameters' })).toBeVisible();
  await operation.getByRole('textbox', { name: 'limit' }).fill('1');
  await operation.getByRole('button', { name: 'Send' }).click();
  await expect(operation.getByRole('region', { name: 'Answer: 200 OK' })).toContainText('"items": []');
});

test('it fits a phone', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto('/api/docs#get_assets');
  await expect(page.locator('#get_assets').getByRole('heading', { name: 'Answers' })).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
});
