// Collections, as a person makes and fills them.

import { expect, type Page } from '@playwright/test';
import { tile } from './fixtures';

/** Makes a collection by the page and opens it. */
export async function makeCollection(page: Page, name: string): Promise<void> {
  await page.goto('/collections');
  await page.getByRole('button', { name: 'New collection' }).first().click();
  await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill(name);
  await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
}

export async function openCollection(page: Page, name: string): Promise<void> {
  await page.goto('/collections');
  await page.getByRole('link', { name: new RegExp(name) }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
}

export async function select(page: Page, name: string): Promise<void> {
  await tile(page, name).focus();
  await page.keyboard.press('x');
}

/** Puts what is selected into a collection that is made on the way. */
export async function collectInto(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Add to collection' }).click();
  const picker = page.getByRole('dialog', { name: 'Add to collection' });
  await expect(picker).toBeVisible();
  await page.keyboard.type(name);
  await picker.getByRole('button', { name: `New collection “${name}”` }).click();
  await expect(page.getByText(`added to “${name}”`)).toBeVisible();
}
