import { expect, expectAccessible, test } from '../support/fixtures';
import { invite, join } from '../support/people';

const DORA = { name: 'Dora', email: 'dora@example.org', password: 'several unrelated words' };

test('an invitation that was taken back lets nobody in', async ({ home: page, stranger }) => {
  const url = await invite(page, DORA.email);
  await page.getByRole('button', { name: `Revoke invitation for ${DORA.email}` }).click();
  await expect(page.getByRole('row').filter({ hasText: DORA.email })).toHaveCount(0);
  const dora = await stranger();
  await dora.goto(url);
  await expect(dora.getByRole('heading', { name: 'This invitation does not work' })).toBeVisible();
  await expectAccessible(dora);
});

test('an invitation works once', async ({ home: page, stranger }) => {
  const url = await invite(page, DORA.email);
  const [dora, other] = [await stranger(), await stranger()];
  await other.goto(url);
  await expect(other.getByLabel('E-mail')).toHaveValue(DORA.email);
  await join(dora, url, DORA);
  // Who had the page open all the while is too late.
  await other.getByLabel('Password', { exact: true }).fill('a late password');
  await other.getByRole('button', { name: 'Create account' }).click();
  await expect(other.getByRole('alert')).toBeVisible();
  await other.reload();
  await expect(other.getByRole('heading', { name: 'This invitation does not work' })).toBeVisible();
  await dora.goto(url);
  await expect(dora.getByText(/This invitation does not work|You are signed in as/)).toBeVisible();
});

test('whoever is no administrator sees nothing of the administration', async ({ home: page, stranger }) => {
  const dora = await stranger();
  await join(dora, await invite(page, DORA.email), DORA);
  await expect(dora.getByRole('link', { name: 'Administration' })).toHaveCount(0);
  for (const address of ['/admin', '/admin/users', '/admin/audit']) {
    await dora.goto(address);
    await expect(dora.getByText('You may not look after this part of the vault.')).toBeVisible();
    await expectAccessible(dora);
  }
  expect((await dora.request.get('/api/v1/users')).status()).toBe(403);
});
