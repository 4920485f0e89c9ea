// How people come into a vault, and what they are told there.

import { expect, type Locator, type Page } from '@playwright/test';

export interface Guest {
  email: string;
  name: string;
  password: string;
}

/** Invites by the administration and gives the link, which is shown this once. */
export async function invite(admin: Page, email: string): Promise<string> {
  await admin.goto('/admin/invitations');
  await admin.getByRole('button', { name: 'New invitation' }).click();
  const form = admin.getByRole('dialog', { name: 'New invitation' });
  await form.getByLabel('E-mail').fill(email);
  await form.getByRole('button', { name: 'New invitation' }).click();
  const shown = admin.getByTestId('invitation');
  const url = (await shown.textContent()) ?? '';
  await admin.getByRole('button', { name: 'Done' }).click();
  await expect(shown).toBeHidden();
  return url;
}

/** Accepts an invitation, in the browser of whoever was invited. */
export async function join(page: Page, url: string, { name, password }: Guest): Promise<void> {
  await page.goto(url);
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByRole('heading', { name: 'Your vault is ready' })).toBeVisible();
}

const MOST_PRESSES = 30;

/** Presses until the server says that this was too often, each time when it has answered, however long that takes. */
export async function pressUntilThrottled(page: Page, submit: Locator): Promise<void> {
  for (let press = 0; press < MOST_PRESSES; press += 1) {
    const answered = page.waitForResponse((answer) => answer.request().method() === 'POST');
    await submit.click();
    if ((await answered).status() === 429) break;
  }
  await expect(page.getByText(/Too many attempts. Try again in \d+ (sec|min)/)).toBeVisible();
}

export const bell = (page: Page): Locator => page.getByRole('button', { name: /^Notifications/ });

/** What the bell says, opened and closed again. */
export async function expectNotice(page: Page, text: string | RegExp): Promise<void> {
  await expect(bell(page)).toHaveAccessibleName(/unread/);
  await bell(page).click();
  await expect(page.getByRole('button', { name: text })).toBeVisible();
  await bell(page).click();
}
