import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { collectInto, openCollection, select } from '../support/collections';
import { expect, expectAccessible, expectPicture, photo, test, upload } from '../support/fixtures';
import { pressUntilThrottled } from '../support/people';
import { closeSharing, makeLink, openSharing } from '../support/sharing';

const shared = (page: Page) => page.locator('[data-shared]');

/** Two photos in a collection that is open, with its share dialog. */
async function collected(page: Page) {
  await upload(page, [photo('fjord'), photo('avenue')]);
  await select(page, 'fjord');
  await select(page, 'avenue');
  await collectInto(page, 'Walks');
  await openCollection(page, 'Walks');
  return openSharing(page);
}

/** Makes a link to everything by the page's own session, for what its form does not offer. */
async function shareUntil(page: Page, expires_at: string): Promise<string> {
  return page.evaluate(async (until) => {
    const { items } = (await (await fetch('/api/v1/assets')).json()) as { items: { id: string }[] };
    const body = JSON.stringify({ asset_ids: items.map(({ id }) => id), level: 'view', expires_at: until });
    const answer = await fetch('/api/v1/shares', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
    return ((await answer.json()) as { url: string }).url;
  }, expires_at);
}

test('a link that is over says so', async ({ home: page, stranger }) => {
  await upload(page, [photo('fjord')]);
  const url = await shareUntil(page, new Date(Date.now() + 3_000).toISOString());
  expect(url).toBeDefined();
  const visitor = await stranger();
  await expect(async () => {
    await visitor.goto(url);
    await expect(visitor.getByRole('heading', { name: 'This link has expired' })).toBeVisible({ timeout: 2_000 });
  }).toPass();
  await expectAccessible(visitor);
  await page.goto('/shared/links');
  await expect(page.getByRole('list', { name: 'Links' })).toContainText('Expired');
  await expectAccessible(page);
});

test('a link for one visit lets one visitor in, again and again, and nobody else', async ({ home: page, stranger }) => {
  const dialog = await collected(page);
  const url = await makeLink(dialog, { name: 'For Dora', visits: 1 });
  const [first, second] = [await stranger(), await stranger()];
  for (let visit = 0; visit < 2; visit += 1) {
    await first.goto(url);
    await expectPicture(shared(first).first());
  }
  await second.goto(url);
  await expect(second.getByRole('heading', { name: 'This link has expired' })).toBeVisible();
  await page.goto('/shared/links');
  await expect(page.getByRole('list', { name: 'Links' })).toContainText('All visits used');
});

test('a link with hidden details tells neither names nor dates, and gives no originals', async ({ home: page, stranger }) => {
  const dialog = await collected(page);
  const url = await makeLink(dialog, { name: 'Just pictures', hidden: true });
  const visitor = await stranger();
  await visitor.goto(url);
  await expectPicture(shared(visitor).first());
  await expect(visitor.getByRole('link', { name: 'Photo', exact: true })).toHaveCount(2);
  await expect(visitor.getByRole('button', { name: 'Download all' })).toHaveCount(0);
  await shared(visitor).first().click();
  const open = visitor.getByRole('dialog', { name: 'Viewing Photo' });
  await expectPicture(open);
  await expect(open).not.toContainText(/2024|fjord|avenue/);
  await expect(open.getByRole('link', { name: 'Download' })).toHaveCount(0);
  await expectAccessible(visitor);
});

test('a link is shown as a code, which is saved as an image', async ({ home: page }) => {
  const dialog = await collected(page);
  await makeLink(dialog, { name: 'On a poster' });
  await dialog.getByRole('button', { name: 'QR code of link On a poster' }).click();
  const shown = page.getByRole('dialog', { name: 'On a poster' });
  await expect(shown.getByRole('img', { name: 'QR code of link On a poster' })).toBeVisible();
  await expectAccessible(page);
  const [download] = await Promise.all([page.waitForEvent('download'), shown.getByRole('button', { name: 'Save as image' }).click()]);
  expect(await readFile(await download.path(), 'utf8')).toMatch(/^<svg [^>]*viewBox/);
});

test('what a link allows is changed while somebody has it', async ({ home: page, stranger }) => {
  const dialog = await collected(page);
  const url = await makeLink(dialog, { name: 'For the club', visitors: 'Look' });
  const visitor = await stranger();
  await visitor.goto(url);
  await expect(shared(visitor)).toHaveCount(2);
  await expect(visitor.getByRole('button', { name: 'Download all' })).toHaveCount(0);

  await dialog.getByRole('button', { name: 'Change link For the club' }).click();
  const change = page.getByRole('dialog', { name: 'Change link' });
  await change.getByLabel('Visitors may').selectOption('Look and download');
  await change.getByLabel('Password').fill('short');
  await change.getByRole('button', { name: 'Save' }).click();
  await expect(change.getByText('The password needs at least 6 characters.')).toBeVisible();
  await expectAccessible(page);
  await change.getByLabel('Password').fill('long enough');
  await change.getByRole('button', { name: 'Save' }).click();
  await expect(change).toBeHidden();

  await visitor.reload();
  await visitor.getByLabel('Password').fill('long enough');
  await visitor.getByRole('button', { name: 'Open' }).click();
  await expect(visitor.getByRole('button', { name: 'Download all' })).toBeVisible();
});

test('guessing the password of a link is slowed down, and the page says so', async ({ home: page, stranger }) => {
  const dialog = await collected(page);
  const url = await makeLink(dialog, { name: 'Secret', password: 'midnight sun' });
  await closeSharing(dialog);
  const visitor = await stranger();
  await visitor.goto(url);
  await visitor.getByLabel('Password').fill('northern lights');
  await pressUntilThrottled(visitor, visitor.getByRole('button', { name: 'Open' }));
  await expectAccessible(visitor);
});
