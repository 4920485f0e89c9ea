import { cp, mkdir, mkdtemp, realpath, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, expectAccessible, photo, test as base, tile, tiles, viewer } from '../support/fixtures';
import { Vault } from '../support/vault';

/** A vault that may show what lies on a disk beside it. */
const test = base.extend<{ disk: string }>({
  disk: async ({}, use) => {
    const disk = await realpath(await mkdtemp(join(tmpdir(), 'mediavault-disk-')));
    await use(disk);
    await rm(disk, { recursive: true, force: true });
  },
  vault: async ({ disk }, use, info) => {
    const vault = await Vault.create({ MEDIAVAULT_EXTERNAL_ROOTS: disk });
    await use(vault);
    if (info.status !== info.expectedStatus) await info.attach('server log', { body: vault.log });
    await vault.remove();
  },
});

/** Lays a photo down as if it had been there for years. */
async function lay(path: string, name: string): Promise<void> {
  await cp(photo(name), path);
  await utimes(path, 1_600_000_000, 1_600_000_000);
}

test('a folder on the machine is shown where it lies, and a file that moves keeps its name', async ({ home: page, disk }) => {
  const photos = join(disk, 'photos');
  await mkdir(join(photos, 'sea'), { recursive: true });
  await lay(join(photos, 'sea/blue-sea.jpg'), 'blue-sea');
  await lay(join(photos, 'daisy.jpg'), 'daisy');
  await writeFile(join(photos, 'empty.jpg'), '');
  await utimes(join(photos, 'empty.jpg'), 1_600_000_000, 1_600_000_000);

  await page.goto('/admin/folders');
  await expect(page.getByText('No folders are attached')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Attach a folder' }).click();
  const form = page.getByRole('dialog', { name: 'Attach a folder' });
  await form.getByRole('textbox', { name: 'Folder' }).fill('photos');
  await form.getByRole('button', { name: 'Attach a folder' }).click();
  await expect(form.getByText('Enter the whole path, beginning with /.')).toBeVisible();
  await form.getByRole('textbox', { name: 'Folder' }).fill('/etc');
  await form.getByRole('button', { name: 'Attach a folder' }).click();
  await expect(form.getByRole('alert')).toContainText(disk);
  await expectAccessible(page);
  await form.getByRole('textbox', { name: 'Folder' }).fill(photos);
  await form.getByRole('button', { name: 'Attach a folder' }).click();
  await expect(form).toBeHidden();
  const row = page.getByRole('row').filter({ hasText: photos });
  await expect(row).toContainText('Up to date');
  await expectAccessible(page);
  await row.getByRole('button', { name: /Show files not taken in/ }).click();
  const refused = page.getByRole('dialog', { name: 'Files not taken in' });
  await expect(refused).toContainText('empty.jpg');
  await expect(refused).toContainText('The file is empty.');
  await expectAccessible(page);
  await refused.getByRole('button', { name: 'Close' }).last().click();

  await page.goto('/photos');
  await expect(tiles(page)).toHaveCount(2);
  await tile(page, 'blue-sea').click();
  await page.keyboard.press('i');
  await expect(viewer(page)).toContainText(join(photos, 'sea/blue-sea.jpg'));

  await rename(join(photos, 'sea/blue-sea.jpg'), join(photos, 'moved.jpg'));
  await page.goto('/admin/folders');
  await row.getByRole('button', { name: /^Look through/ }).click();
  // What it says now is about the look before.
  await expect(row).not.toContainText('Up to date');
  await expect(row).toContainText('Up to date');
  await page.goto('/photos');
  await expect(tiles(page)).toHaveCount(2);
  await tile(page, 'blue-sea').click();
  // The panel was left open.
  await expect(viewer(page)).toContainText(join(photos, 'moved.jpg'));

  await page.goto('/admin/folders');
  await row.getByRole('button', { name: /^Let go of/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Let go' }).click();
  await expect(page.getByText('No folders are attached')).toBeVisible();
  await page.goto('/trash');
  await expect(tiles(page)).toHaveCount(2);
});
