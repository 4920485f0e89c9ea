// A vault with a large library that nobody photographed, for what only shows in large ones.

import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, type Page } from '@playwright/test';
import { ACCOUNT } from './fixtures';
import type { Vault } from './vault';

const SEED = resolve(process.env['MEDIAVAULT_SEED'] ?? '../target/debug/examples/seed');

/** Fills the vault of the page's account with so many assets. The server is stopped meanwhile. */
export async function seed(vault: Vault, page: Page, assets: number): Promise<void> {
  await page.goto('about:blank');
  await vault.stop();
  await promisify(execFile)(SEED, [vault.directory, String(assets), ACCOUNT.email]);
  await vault.start();
  await page.goto('/photos');
  await expect(page.locator('[data-asset]').first()).toBeVisible();
}
