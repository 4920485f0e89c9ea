// One walk through the whole product: an administrator, two people they invite, and a stranger with a
// link, each in a browser of their own. What a single view does is tested beside; here it must hold
// together.

import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { collectInto, openCollection, select } from '../support/collections';
import { drop, expect, expectAccessible, expectPicture, photo, test, tile, tiles, uploadPanel, viewer } from '../support/fixtures';
import { bell, expectNotice, invite, join, type Guest } from '../support/people';
import { closeSharing, makeLink, openSharing, shareWith } from '../support/sharing';
import { zip } from '../support/zip';

const BEN: Guest = { name: 'Ben', email: 'ben@example.org', password: 'several unrelated words' };
const CLEO: Guest = { name: 'Cleo', email: 'cleo@example.org', password: 'other unrelated words' };
const PHOTOS = ['avenue', 'rooftops', 'fjord', 'harbour'];
const LINK_PASSWORD = 'midnight sun';

/** Opens a photo's viewer with its information beside. */
async function openInformation(page: Page, name: string) {
  await tile(page, name).click();
  await expect(viewer(page)).toBeVisible();
  const panel = viewer(page).getByRole('complementary', { name: 'Information' });
  if (!(await panel.isVisible())) await page.keyboard.press('i');
  await expect(panel).toBeVisible();
  return panel;
}

async function closeViewer(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Close viewer' }).click();
  await expect(viewer(page)).toBeHidden();
}

test('a vault is shared by an administrator, two guests and a stranger', async ({ home: anna, stranger }) => {
  test.setTimeout(300_000);
  const ben = await stranger();
  const cleo = await stranger();
  const visitor = await stranger();

  await test.step('the administrator invites two people, who join', async () => {
    for (const [page, guest] of [[ben, BEN], [cleo, CLEO]] as const) {
      const url = await invite(anna, guest.email);
      await page.goto(url);
      await expect(page.getByText('Anna invites you to this vault.')).toBeVisible();
      await expectAccessible(page);
      await join(page, url, guest);
    }
    await anna.reload();
    await expect(anna.getByRole('row').filter({ hasText: BEN.email })).toContainText('Accepted');
    await expectAccessible(anna);
  });

  await test.step('Ben drops photos', async () => {
    await drop(ben, PHOTOS.map(photo));
    for (const name of PHOTOS) await expectPicture(tile(ben, name));
    await expect(uploadPanel(ben)).toContainText('4 added');
    await expectAccessible(ben);
    await uploadPanel(ben).getByRole('button', { name: 'Close' }).click();
    await expect(uploadPanel(ben)).toBeHidden();
  });

  await test.step('Ben says what a photo is about, and takes it back', async () => {
    const panel = await openInformation(ben, 'avenue');
    await panel.getByRole('textbox', { name: 'Title' }).fill('The way to school');
    await panel.getByRole('textbox', { name: 'Title' }).press('Enter');
    await panel.getByRole('textbox', { name: 'Description' }).fill('Every morning 🌳 for nine years');
    await panel.getByRole('textbox', { name: 'Description' }).press('Control+Enter');
    await panel.getByRole('textbox', { name: 'Add a tag' }).fill('home');
    await panel.getByRole('textbox', { name: 'Add a tag' }).press('Enter');
    await viewer(ben).getByRole('button', { name: 'Add to favourites' }).click();
    await panel.getByRole('button', { name: 'Change date' }).click();
    const dialog = ben.getByRole('dialog', { name: 'When it was taken' });
    await dialog.getByLabel('Date and time').fill('2001-09-03T07:45:30');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(panel.locator('[data-fact="taken"]')).toContainText('3 September 2001');
    await expect(panel.locator('[data-revision]')).toHaveCount(5);
    await expectAccessible(ben);

    for (const what of ['date', 'favourite', 'tags', 'description', 'title']) {
      await panel.getByRole('button', { name: `Undo: Changed ${what}`, exact: true }).first().click();
      await expect(ben.getByText('Undone').first()).toBeVisible();
    }
    await expect(panel.locator('[data-fact="taken"]')).toContainText('21 June 2024');
    await expect(panel.getByRole('textbox', { name: 'Title' })).toHaveValue('');
    await expect(panel.getByRole('textbox', { name: 'Description' })).toHaveValue('');
    await expect(panel.getByRole('button', { name: 'Remove tag home' })).toHaveCount(0);
    await expect(viewer(ben).getByRole('button', { name: 'Add to favourites' })).toBeVisible();
    await closeViewer(ben);
  });

  let url = '';
  await test.step('Ben collects photos and shares them by a link', async () => {
    await select(ben, 'fjord');
    await select(ben, 'harbour');
    await collectInto(ben, 'Norway');
    await openCollection(ben, 'Norway');
    await expect(tiles(ben)).toHaveCount(2);
    const dialog = await openSharing(ben);
    url = await makeLink(dialog, { name: 'Norway by ship', password: LINK_PASSWORD, expires: 'In a week' });
    await expect(dialog).toContainText('Password · until');
    await expectAccessible(ben);
    await closeSharing(dialog);
  });

  await test.step('a stranger needs the password, looks and downloads', async () => {
    await visitor.goto(url);
    await expect(visitor.getByRole('heading', { name: 'This is protected by a password' })).toBeVisible();
    await expectAccessible(visitor);
    await visitor.getByLabel('Password').fill('northern lights');
    await visitor.getByRole('button', { name: 'Open' }).click();
    await expect(visitor.getByText('This password is not right.')).toBeVisible();
    await visitor.getByLabel('Password').fill(LINK_PASSWORD);
    await visitor.getByRole('button', { name: 'Open' }).click();
    await expect(visitor.getByRole('heading', { level: 1, name: 'Norway by ship' })).toBeVisible();
    await expect(visitor.locator('[data-shared]')).toHaveCount(2);
    await expectPicture(visitor.locator('[data-shared]').first());
    await expectAccessible(visitor);

    const [all] = await Promise.all([visitor.waitForEvent('download'), visitor.getByRole('button', { name: 'Download all' }).click()]);
    const archive = await readFile(await all.path());
    for (const name of ['fjord.jpg', 'harbour.jpg']) expect(archive.includes(name)).toBe(true);
    await visitor.getByRole('link', { name: /^fjord/ }).click();
    await expectPicture(visitor.getByRole('dialog'));
    await expectAccessible(visitor);
    const [one] = await Promise.all([visitor.waitForEvent('download'), visitor.getByRole('link', { name: 'Download' }).click()]);
    expect(await readFile(await one.path())).toEqual(readFileSync(photo('fjord')));
  });

  await test.step('Ben sees who came, and takes the link back', async () => {
    await ben.goto('/shared/links');
    const row = ben.getByRole('listitem').filter({ hasText: 'Norway by ship' });
    await expect(row).toContainText('1 visit');
    await ben.getByRole('button', { name: 'Visits of link Norway by ship' }).click();
    const visits = ben.getByRole('dialog', { name: 'Visits' });
    for (const what of ['Wrong password', 'Opened', 'Downloaded']) await expect(visits.getByText(what).first()).toBeVisible();
    await expectAccessible(ben);
    await visits.getByRole('button', { name: 'Close' }).click();
    await ben.getByRole('button', { name: 'Revoke link Norway by ship' }).click();
    await ben.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await expect(row).toContainText('Revoked');
    await visitor.goto(url);
    await expect(visitor.getByRole('heading', { name: 'This link does not work' })).toBeVisible();
    await expectAccessible(visitor);
  });

  await test.step('Ben shares with Cleo, who is told, sees it and adds a photo', async () => {
    await openCollection(ben, 'Norway');
    const dialog = await openSharing(ben);
    await shareWith(dialog, CLEO.email, 'add own photos');
    await closeSharing(dialog);

    await expect(bell(cleo)).toHaveAccessibleName('Notifications, 1 unread');
    await bell(cleo).click();
    await expectAccessible(cleo);
    await cleo.getByRole('button', { name: /^Ben shares “Norway” with you/ }).click();
    await expect(cleo.getByRole('heading', { level: 1, name: 'Norway' })).toBeVisible();
    await expectPicture(tile(cleo, 'fjord'));
    await expect(bell(cleo)).toHaveAccessibleName('Notifications');
    await expectAccessible(cleo);
    await cleo.getByTestId('files').setInputFiles(photo('northern-lights'));
    await expectPicture(tile(cleo, 'northern-lights'));
    await expectPicture(tile(ben, 'northern-lights'));
    await expectNotice(ben, /^Cleo added photos to “Norway”/);
  });

  await test.step('Cleo may only look from now on, and then not even that', async () => {
    const dialog = await openSharing(ben);
    await dialog.getByLabel('What Cleo may do').selectOption('look');
    await expect(cleo.getByRole('button', { name: 'Add photos' })).toBeHidden();
    await dialog.getByRole('button', { name: 'Stop sharing with Cleo' }).click();
    await expect(dialog.getByText('Not shared with anybody yet.')).toBeVisible();
    await closeSharing(dialog);
    await expect(cleo.getByText('This collection is not there any more, or no longer shared with you.')).toBeVisible();
    await cleo.goto('/shared');
    await expect(cleo.getByRole('heading', { name: 'Nothing is shared with you yet' })).toBeVisible();
    await expectAccessible(cleo);
    await cleo.goto('/photos');
    await expect(tiles(cleo)).toHaveCount(1);
  });

  await test.step('Ben throws a photo away and has it back', async () => {
    await ben.goto('/photos');
    await tile(ben, 'rooftops').focus();
    await ben.keyboard.press('Delete');
    await expect(tiles(ben)).toHaveCount(3);
    await ben.getByRole('link', { name: 'Trash' }).click();
    await select(ben, 'rooftops');
    await ben.getByRole('toolbar').getByRole('button', { name: 'Restore' }).click();
    await expect(ben.getByRole('heading', { name: 'The trash is empty' })).toBeVisible();
    await expectAccessible(ben);
    await ben.getByRole('link', { name: 'Photos' }).click();
    await expectPicture(tile(ben, 'rooftops'));
  });

  await test.step('Ben brings a new version of a photo, and goes back to the old one', async () => {
    const panel = await openInformation(ben, 'rooftops');
    await panel.getByTestId('version-file').setInputFiles(photo('winter-night'));
    await expect(panel.locator('[data-version="2"]')).toContainText('Shown now');
    await panel.getByRole('button', { name: 'Make version 1 the current one' }).click();
    await expect(panel.locator('[data-version="3"]')).toContainText('Shown now');
    await expectPicture(viewer(ben));
    await closeViewer(ben);
  });

  await test.step('Ben puts a wrong clock right for several photos', async () => {
    await select(ben, 'avenue');
    await select(ben, 'rooftops');
    await ben.getByRole('button', { name: 'More', exact: true }).click();
    await ben.getByRole('button', { name: 'Change date' }).click();
    await ben.getByRole('dialog').getByRole('spinbutton', { name: 'Days' }).fill('2');
    await ben.getByRole('dialog').getByRole('button', { name: 'Change', exact: true }).click();
    await expect(ben.getByRole('heading', { name: /23 Jun 2024/ })).toBeVisible();
  });

  await test.step('Ben imports what another service gave back', async () => {
    const folder = 'Takeout/Google Photos/Summer';
    const archive = zip({
      [`${folder}/metadata.json`]: JSON.stringify({ title: 'Summer', description: '', access: 'protected' }),
      [`${folder}/sunflower.jpg`]: readFileSync(photo('sunflower')),
      [`${folder}/sunflower.jpg.supplemental-metadata.json`]: JSON.stringify({ title: 'sunflower.jpg', description: 'In the garden', photoTakenTime: { timestamp: '1400000000' }, favorited: true }),
    });
    await ben.goto('/import');
    await ben.getByTestId('archives').setInputFiles({ name: 'takeout-001.zip', mimeType: 'application/zip', buffer: archive });
    await ben.getByRole('button', { name: 'Start import' }).click();
    await expect(ben.getByRole('heading', { name: 'Import finished' })).toBeVisible();
    await expectAccessible(ben);
    await openCollection(ben, 'Summer');
    await expectPicture(tile(ben, 'sunflower'));
    await ben.goto('/favourites');
    await expect(tiles(ben)).toHaveCount(1);
  });

  await test.step('the administrator looks after it all', async () => {
    await anna.goto('/admin/users');
    const row = anna.getByRole('row').filter({ hasText: BEN.email });
    await expect(row).toContainText('5');
    await expectAccessible(anna);
    await row.getByRole('button', { name: 'More for Ben' }).click();
    await row.getByRole('button', { name: 'Edit' }).click();
    const form = anna.getByRole('dialog', { name: 'Edit Ben' });
    await form.getByLabel('Quota (GB)').fill('2');
    await form.getByLabel('Administrator').check();
    await expectAccessible(anna);
    await form.getByRole('button', { name: 'Save' }).click();
    await expect(row).toContainText('of 2 GB');
    await expect(row).toContainText('Administrator');
    await ben.goto('/admin');
    await expect(ben.getByRole('table', { name: 'People' })).toBeVisible();

    await anna.getByRole('link', { name: 'Jobs' }).click();
    await expect(anna.getByRole('heading', { name: 'Nothing has failed' })).toBeVisible();
    await expectAccessible(anna);
    await anna.getByRole('link', { name: 'Storage' }).click();
    await expect(anna.getByRole('table', { name: 'By person' }).getByRole('row').filter({ hasText: 'Ben' })).toBeVisible();
    await expectAccessible(anna);
    await anna.getByRole('link', { name: 'Audit log' }).click();
    const log = anna.getByRole('table', { name: 'Audit log' });
    await expect(log).toBeVisible();
    await expectAccessible(anna);
    await expectAudited(anna, ['account.changed', 'invitation.made', 'asset.upload', 'asset.edit', 'asset.undo', 'collection.create', 'collection.share', 'collection.unshare', 'share.create', 'share.refused', 'share.revoke', 'asset.version', 'asset.rollback', 'asset.trashed', 'asset.restored']);
  });
});

/** Every one of these acts is found in the log by its name. */
async function expectAudited(admin: Page, actions: string[]): Promise<void> {
  for (const action of actions) {
    await admin.getByLabel('What').fill(action);
    await admin.getByRole('button', { name: 'Filter', exact: true }).click();
    await expect(admin.getByRole('table', { name: 'Audit log' }).getByRole('row').nth(1)).toContainText(action);
  }
}
