import { ACCOUNT, expect, expectAccessible, test } from '../support/fixtures';

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

test('an API key reaches as far as was chosen for it', async ({ home: page, playwright, vault }) => {
  await page.goto('/settings/keys');
  await page.getByLabel('What it is for').fill('Picture frame');
  await page.getByLabel('It may').selectOption('What you choose');
  await page.getByLabel('See own and shared media').uncheck();
  await page.getByRole('button', { name: 'Create key' }).click();
  await expect(page.getByText('Choose at least one permission.')).toBeVisible();
  await page.getByLabel('See own and shared media').check();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Create key' }).click();
  const key = (await page.getByTestId('new-key').textContent()) ?? '';
  await page.getByRole('button', { name: 'I have copied it' }).click();
  await expect(page.getByText('May: See own and shared media')).toBeVisible();

  const program = await playwright.request.newContext({ extraHTTPHeaders: { Authorization: `Bearer ${key}` } });
  expect((await program.get(`${vault.url}/api/v1/assets`)).status()).toBe(200);
  expect((await program.post(`${vault.url}/api/v1/collections`, { data: { name: 'Mine' } })).status()).toBe(403);
  await program.dispose();
});

test('another browser is signed out from here', async ({ home: page, stranger }) => {
  const other = await stranger();
  await other.goto('/');
  await other.getByLabel('E-mail').fill(ACCOUNT.email);
  await other.getByLabel('Password', { exact: true }).fill(ACCOUNT.password);
  await other.getByRole('button', { name: 'Sign in' }).click();
  await expect(other.getByRole('heading', { name: 'Your vault is ready' })).toBeVisible();
  await page.goto('/settings/sessions');
  const sessions = page.getByRole('region', { name: 'Where you are signed in' }).getByRole('listitem');
  await expect(sessions).toHaveCount(2);
  await expectAccessible(page);
  await sessions.getByRole('button', { name: /^Sign out/ }).click();
  await expect(sessions).toHaveCount(1);
  await other.getByRole('link', { name: 'Favourites' }).click();
  await expect(other.getByText('Your session has ended.')).toBeVisible();
});

test('name, address and password are changed, the last two with the present password', async ({ home: page, stranger }) => {
  const other = await stranger();
  await other.request.post('/api/v1/auth/login', { data: { email: ACCOUNT.email, password: ACCOUNT.password, session: 'cookie' } });
  await page.goto('/settings');
  const profile = page.getByRole('region', { name: 'Name and e-mail' });
  await profile.getByLabel('Name').fill('Anna Ölçer 🌻');
  await profile.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('region', { name: 'Profile' })).toContainText('Anna Ölçer 🌻');
  await profile.getByLabel('E-mail').fill('anna@example.net');
  await profile.getByLabel('Present password').fill('not the password');
  await profile.getByRole('button', { name: 'Save' }).click();
  await expect(profile.getByRole('alert')).toHaveText('This is not your present password.');
  await profile.getByLabel('Present password').fill(ACCOUNT.password);
  await profile.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('region', { name: 'Profile' })).toContainText('anna@example.net');
  await expectAccessible(page);

  const password = page.getByRole('region', { name: 'Password' });
  await password.getByLabel('Present password').fill(ACCOUNT.password);
  await password.getByLabel('New password').fill('short');
  await password.getByRole('button', { name: 'Change password' }).click();
  await expect(password.getByText('The password needs at least 10 characters.')).toBeVisible();
  await password.getByLabel('New password').fill('a fresh set of words');
  await password.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByText('Your password is changed. All other devices were signed out.')).toBeVisible();
  expect((await other.request.get('/api/v1/me')).status()).toBe(401);
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
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
