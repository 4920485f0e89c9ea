import { expect, expectAccessible, test } from '../support/fixtures';

test('an API key is shown once, works, and stops working when revoked', async ({ home: page, playwright, vault }) => {
  await page.goto('/settings/keys');
  await expectAccessible(page);
  await page.getByLabel('What it is for').fill('Backup script');
  await page.getByRole('button', { name: 'Create key' }).click();
  const shown = page.getByRole('dialog', { name: 'New API key' });
  const key = (await shown.getByTestId('new-key').textContent()) ?? '';
  expect(key).toMatch(/^mvk_.{43}$/);
  await expectAccessible(page);
  await shown.getByRole('button', { name: 'I have copied it' }).click();
  await expect(page.getByText(key)).toHaveCount(0);

  const program = await playwright.request.newContext({ extraHTTPHeaders: { Authorization: `Bearer ${key}` } });
  expect((await program.get(`${vault.url}/api/v1/me`)).status()).toBe(200);
  await page.getByRole('button', { name: 'Revoke Backup script' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await expect(page.getByText('No keys yet.')).toBeVisible();
  expect((await program.get(`${vault.url}/api/v1/me`)).status()).toBe(401);
  await program.dispose();
});

test('sessions are listed and this one is named', async ({ home: page }) => {
  await page.goto('/settings/sessions');
  await expect(page.getByRole('region', { name: 'Where you are signed in' })).toContainText('This browser');
});

test('language and theme are chosen and kept', async ({ home: page }) => {
  await page.goto('/settings');
  await page.getByRole('combobox', { name: 'Language' }).selectOption('Deutsch');
  await expect(page.getByRole('heading', { name: 'Einstellungen' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await page.getByRole('combobox', { name: 'Farbschema' }).selectOption('Dunkel');
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Einstellungen' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  expect(background).toBe('rgb(17, 20, 20)');
  await expectAccessible(page);
});

test('the recovery key is asked for until it is saved', async ({ home: page }) => {
  const reminder = page.getByText('Save the recovery key');
  await expect(reminder).toBeVisible();
  await page.getByRole('button', { name: 'I have saved it' }).click();
  await expect(reminder).toBeHidden();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Your vault is ready' })).toBeVisible();
  await expect(reminder).toBeHidden();
});
