// Every part of the administration, each by something that is really done in it.

import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { ACCOUNT, expect, expectAccessible, photo, test, upload } from '../support/fixtures';

const EMIL = { email: 'emil@example.org', name: 'Emil', password: 'several unrelated words' };

const row = (page: Page, text: string): Locator => page.getByRole('row').filter({ hasText: text });

/** Makes Emil's account by the page. */
async function makeEmil(page: Page): Promise<void> {
  await page.goto('/admin/users');
  await page.getByRole('button', { name: 'New account' }).click();
  const form = page.getByRole('dialog', { name: 'New account' });
  await form.getByLabel('E-mail').fill(EMIL.email);
  await form.getByLabel('Password to begin with').fill(EMIL.password);
  await form.getByLabel('Name').fill(EMIL.name);
  await expectAccessible(page);
  await form.getByRole('button', { name: 'Create account' }).click();
  await expect(row(page, EMIL.email)).toContainText('Active');
}

async function signIn(page: Page, { email, password }: { email: string; password: string }): Promise<void> {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

async function choose(page: Page, verb: string): Promise<void> {
  await page.getByRole('button', { name: `More for ${EMIL.name}` }).click();
  await page.getByRole('button', { name: verb, exact: true }).click();
}

test('people: an account is made, disabled, enabled, given a new password, and deleted', async ({ home: page, stranger }) => {
  await makeEmil(page);
  const emil = await stranger();
  await emil.goto('/');
  await signIn(emil, EMIL);
  await expect(emil.getByRole('heading', { name: 'Your vault is ready' })).toBeVisible();

  await choose(page, 'Disable');
  await expectAccessible(page);
  await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
  await expect(row(page, EMIL.email)).toContainText('Disabled');
  await emil.goto('/photos');
  await expect(emil.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await signIn(emil, EMIL);
  await expect(emil.getByRole('alert')).toBeVisible();
  await choose(page, 'Enable');
  await expect(row(page, EMIL.email)).toContainText('Active');

  await choose(page, 'Reset password');
  await page.getByRole('dialog').getByRole('button', { name: 'Reset password' }).click();
  const fresh = (await page.getByTestId('secret').textContent()) ?? '';
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Done' }).click();
  await signIn(emil, { email: EMIL.email, password: fresh });
  await expect(emil.getByRole('heading', { name: 'Your vault is ready' })).toBeVisible();

  await choose(page, 'Delete');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(row(page, EMIL.email)).toHaveCount(0);
});

test('roles: one is made, given, changed and deleted', async ({ home: page }) => {
  await makeEmil(page);
  await page.getByRole('link', { name: 'Roles' }).click();
  await page.getByRole('button', { name: 'New role' }).click();
  const form = page.getByRole('dialog', { name: 'New role' });
  await form.getByLabel('Name').fill('Watcher of the log');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form.getByText('Give the role a name of lower-case letters, digits and dashes.')).toBeVisible();
  await form.getByLabel('Name').fill('watcher');
  await form.getByLabel('Read the audit log').check();
  await expectAccessible(page);
  await form.getByRole('button', { name: 'Save' }).click();
  const card = page.locator('[data-role="watcher"]');
  await expect(card).toContainText('Read the audit log');

  await page.getByRole('link', { name: 'People' }).click();
  await choose(page, 'Edit');
  await page.getByRole('dialog').getByLabel('watcher').check();
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(row(page, EMIL.email)).toContainText('watcher');
  await page.getByRole('link', { name: 'Roles' }).click();
  await expect(page.getByRole('button', { name: 'Delete role watcher' })).toBeDisabled();
  await page.getByRole('button', { name: 'Edit role watcher' }).click();
  await page.getByRole('dialog').getByLabel('Look after storage, backup and health').check();
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(card).toContainText('Look after storage, backup and health');

  await page.getByRole('link', { name: 'People' }).click();
  await choose(page, 'Edit');
  await page.getByRole('dialog').getByLabel('watcher').uncheck();
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('link', { name: 'Roles' }).click();
  await page.getByRole('button', { name: 'Delete role watcher' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(card).toHaveCount(0);
});

test('jobs: all work is paused, waits, and goes on', async ({ home: page }) => {
  await page.goto('/admin/jobs');
  await page.getByRole('button', { name: 'Pause everything' }).click();
  const question = page.getByRole('dialog', { name: 'Pause all work' });
  await question.getByLabel('For').selectOption('10 minutes');
  await expectAccessible(page);
  await question.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByText(/^Paused, goes on in \d+ min/)).toBeVisible();
  await page.getByTestId('files').setInputFiles(photo('fjord'));
  await page.getByLabel('Show').selectOption({ label: 'Waiting (1)' });
  await expect(page.getByRole('table', { name: 'Jobs' }).getByRole('row')).toHaveCount(2);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Resume everything' }).click();
  await expect(page.getByText('There is nothing of this kind just now.')).toBeVisible();
  await page.goto('/photos');
  await expect(page.locator('[data-asset] img')).toBeVisible();
});

test('storage: what is kept is counted and told by person', async ({ home: page }) => {
  await upload(page, [photo('fjord'), photo('avenue')]);
  await page.goto('/admin/storage');
  await expect(page.getByText('2 files').first()).toBeVisible();
  const share = page.getByRole('table', { name: 'By person' }).getByRole('row').filter({ hasText: ACCOUNT.name });
  await expect(share).toContainText('100%');
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: /CSV/ }).click()]);
  expect(await readFile(await download.path(), 'utf8')).toContain(ACCOUNT.name);
  await expectAccessible(page);
});

test('settings: registration is opened, and a stranger makes an account', async ({ home: page, stranger }) => {
  await page.goto('/admin/settings');
  await page.getByLabel('Days in the trash').fill('0');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('Enter a whole number from 1 to 3650.')).toBeVisible();
  await page.getByLabel('Days in the trash').fill('45');
  await page.getByLabel('New accounts', { exact: true }).selectOption('Anybody may make one');
  await page.getByLabel('Quota of new accounts (GB)').fill('3');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('Saved.')).toBeVisible();

  const emil = await stranger();
  await emil.goto('/');
  await emil.getByRole('button', { name: 'Create an account' }).click();
  await emil.getByLabel('Name').fill(EMIL.name);
  await emil.getByLabel('E-mail').fill(EMIL.email);
  await emil.getByLabel('Password', { exact: true }).fill(EMIL.password);
  await emil.getByRole('button', { name: 'Create account', exact: true }).click();
  await expect(emil.getByRole('heading', { name: 'Your vault is ready' })).toBeVisible();
  await emil.goto('/settings');
  await expect(emil.getByText(/of 3 GB/)).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('Days in the trash')).toHaveValue('45');
});

test('audit: entries are narrowed by who and what, and saved', async ({ home: page }) => {
  await makeEmil(page);
  await page.getByRole('link', { name: 'Audit log' }).click();
  const log = page.getByRole('table', { name: 'Audit log' });
  await expect(log).toContainText('account.registered');
  await page.getByLabel('Who').fill('nobody@example.org');
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  await expect(page.getByText('No account has this address.')).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel('Who').fill(ACCOUNT.email);
  await page.getByLabel('What').fill('account.made');
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  await expect(log).not.toContainText('account.registered');
  await expect(log.getByRole('row')).toHaveCount(2);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save as CSV' }).click()]);
  const lines = (await readFile(await download.path(), 'utf8')).trim().split('\n');
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain('account.made');
  await page.getByRole('button', { name: 'Verify', exact: true }).click();
  await expect(page.getByText(/^Nothing was altered: \d+ entries/)).toBeVisible();
});
