// Files out of a drop, a paste or a file dialog; folders are walked.

import type { UploadDetails } from '@mediavault/client';

export interface Picked {
  file: File;
  /** Path within the dropped folder, or just the file's name. */
  path: string;
  /** What is already known about it, and where else it belongs. */
  wish?: Wish;
}

/** What an upload is to become besides an asset. */
export interface Wish {
  /** Told to the server with the bytes. */
  details?: UploadDetails;
  /** The moving part of a Live Photo. */
  motion?: File | null;
  /** It is put into these collections once it is there. */
  collections?: readonly string[];
}

/** Files that systems leave in folders and nobody means to upload. */
const DEBRIS = new Set(['.ds_store', 'thumbs.db', 'desktop.ini', '.nomedia', '.picasa.ini']);

export function isDebris(name: string): boolean {
  return DEBRIS.has(name.toLowerCase()) || name.startsWith('._');
}

export function fromList(files: Iterable<File>): Picked[] {
  return [...files]
    .filter((file) => !isDebris(file.name))
    .map((file) => ({ file, path: file.webkitRelativePath || file.name }));
}

export function carriesFiles(transfer: DataTransfer | null): boolean {
  return transfer?.types.includes('Files') ?? false;
}

/** The entries must be taken from the event at once; reading them may take its time. */
export async function fromTransfer(transfer: DataTransfer): Promise<Picked[]> {
  const entries: FileSystemEntry[] = [];
  const loose: File[] = [];
  for (const item of transfer.items) {
    if (item.kind !== 'file') continue;
    const entry = item.webkitGetAsEntry();
    const file = item.getAsFile();
    if (entry?.isDirectory) entries.push(entry);
    else if (file) loose.push(file);
  }
  const found = fromList(loose);
  for (const entry of entries) await walk(entry, found);
  return found;
}

async function walk(entry: FileSystemEntry, found: Picked[]): Promise<void> {
  if (isFile(entry)) {
    if (isDebris(entry.name)) return;
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    found.push({ file, path: entry.fullPath.replace(/^\//, '') });
  } else if (isDirectory(entry)) {
    for await (const child of children(entry)) await walk(child, found);
  }
}

/** `readEntries` answers in portions, until an empty one. */
async function* children(directory: FileSystemDirectoryEntry): AsyncGenerator<FileSystemEntry> {
  const reader = directory.createReader();
  for (;;) {
    const portion = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (portion.length === 0) return;
    yield* portion;
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isDirectory(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
