import { ACCOUNT, expect, expectAccessible, test } from '../support/fixtures';
import { pressUntilThrottled } from '../support/people';

test('the first account is made in the browser and lands on an empty library', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('heading', { name: 'Set up your vault' })).toBeVisible();
  await expectAccessible(page);

  await page.getByLabel('E-mail').fill('nonsense');
  await page.getByLabel('Password', { exact: true }).fill('short');
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByText('The password needs at least 10 characters.')).toBeVisible();
  await expect(page.getByLabel('E-mail')).toBeFocused();

  await page.getByLabel('E-mail').fill(ACCOUNT.email);
  await page.getByLabel('Password', { exact: true }).fill(ACCOUNT.password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByRole('heading', { name: 'Your vault is ready' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Choose files' })).toBeVisible();
  await expectAccessible(page);
});

test('signing out and in, with a wrong password told in plain words', async ({ home: page }) => {
  await page.getByRole('button', { name: 'Account' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await expectAccessible(page);

  await page.getByLabel('E-mail').fill(ACCOUNT.email);
  await page.getByLabel('Password', { exact: true }).fill('not the password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toHaveText('E-mail or password is wrong.');

  await page.getByLabel('Password', { exact: true }).fill(ACCOUNT.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Your vault is ready' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Your vault is ready' })).toBeVisible();
});

test('too many wrong passwords say how long to wait', async ({ home: page }) => {
  await page.context().clearCookies();
  await page.reload();
  await page.getByLabel('E-mail').fill(ACCOUNT.email);
  await page.getByLabel('Password', { exact: true }).fill('not the password');
  const submit = page.getByRole('button', { name: 'Sign in' });
  await pressUntilThrottled(page, submit);
  await expect(submit).toBeDisabled();
});

test('a session that ended leads to sign-in and back to the same place', async ({ home: page }) => {
  await expect(page.getByRole('heading', { name: 'Your vault is ready' })).toBeVisible();
  await page.context().clearCookies();
  await page.getByRole('link', { name: 'Favourites' }).click();
  await expect(page.getByText('Your session has ended.')).toBeVisible();
  await page.getByLabel('E-mail').fill(ACCOUNT.email);
  await page.getByLabel('Password', { exact: true }).fill(ACCOUNT.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'No favourites yet' })).toBeVisible();
});
