// Sharing a collection, from the page it is open on.

import { expect, type Locator, type Page } from '@playwright/test';

interface Link {
  name: string;
  password?: string;
  expires?: string;
  visitors?: 'Look' | 'Look and download';
  visits?: number;
  hidden?: boolean;
}

/** Opens the share dialog of the collection that is shown. */
export async function openSharing(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: /^Share/ });
  await expect(dialog).toBeVisible();
  return dialog;
}

/** Makes a link in the open dialog and gives its address. */
export async function makeLink(dialog: Locator, link: Link): Promise<string> {
  await dialog.getByRole('button', { name: 'New link' }).click();
  await dialog.getByLabel('Name of the link').fill(link.name);
  if (link.password !== undefined) await dialog.getByLabel('Password').fill(link.password);
  if (link.expires !== undefined) await dialog.getByLabel('Expires').selectOption(link.expires);
  if (link.visitors !== undefined) await dialog.getByLabel('Visitors may').selectOption(link.visitors);
  if (link.visits !== undefined) await dialog.getByLabel('At most so many visits').fill(String(link.visits));
  if (link.hidden === true) await dialog.getByLabel('Hide details').check();
  await dialog.getByRole('button', { name: 'Create link' }).click();
  const address = dialog.getByRole('listitem').filter({ hasText: link.name }).getByRole('link');
  return (await address.getAttribute('href')) ?? '';
}

/** Shares with somebody who has an account. */
export async function shareWith(dialog: Locator, email: string, level: string): Promise<void> {
  const people = dialog.getByRole('region', { name: 'People with an account' });
  await people.getByLabel('E-mail or name').fill(email);
  await people.getByLabel('May').selectOption(level);
  await people.getByRole('button', { name: 'Share', exact: true }).click();
  await expect(people.getByRole('listitem').filter({ hasText: email })).toBeVisible();
}

export async function closeSharing(dialog: Locator): Promise<void> {
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(dialog).toBeHidden();
}
