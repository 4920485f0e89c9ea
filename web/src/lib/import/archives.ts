// The zip archives of an export, read in place: only the list of files, the small JSON among them, and
// later each file when its turn comes. No workers of the library's own and no WebAssembly, which the
// page's content security policy does not allow: the browser inflates.

import { BlobReader, BlobWriter, configure, TextWriter, ZipReader, type Entry, type FileEntry } from '@zip.js/zip.js/index-native.js';
import type { Listing } from '../api/imports';

configure({ useWebWorkers: false });

/** Larger JSON is nothing that Google writes about a photo. */
const MOST_JSON = 256_000;
const MOST_ENTRIES = 500_000;

/** This is no zip archive, or a damaged one; `archive` says which. */
export class BadArchive extends Error {
  constructor(readonly archive: string) {
    super(`${archive} is not a zip archive that can be read`);
  }
}

export class Archives {
  readonly #entries = new Map<string, FileEntry>();
  readonly #readers: ZipReader<unknown>[] = [];

  /** Lists the archives one after another; `onProgress` counts their files. */
  async open(files: readonly File[], onProgress: (entries: number) => void, signal: AbortSignal): Promise<Listing> {
    const listing: Listing = { files: [], sidecars: [] };
    for (const file of files) await this.#list(file, listing, onProgress, signal);
    return listing;
  }

  /** One file out of its archive, under the name it is to be kept by. */
  async extract(path: string, name: string, signal: AbortSignal): Promise<File> {
    const entry = this.#entries.get(path);
    if (!entry) throw new BadArchive(path);
    const blob = await entry.getData(new BlobWriter(), { signal });
    return new File([blob], name, { lastModified: entry.lastModDate.getTime() });
  }

  async close(): Promise<void> {
    this.#entries.clear();
    await Promise.all(this.#readers.splice(0).map((reader) => reader.close()));
  }

  async #list(file: File, listing: Listing, onProgress: (entries: number) => void, signal: AbortSignal): Promise<void> {
    const reader = new ZipReader(new BlobReader(file));
    this.#readers.push(reader);
    try {
      for await (const entry of reader.getEntriesGenerator()) {
        signal.throwIfAborted();
        if (isFile(entry)) await this.#take(entry, listing, signal);
        onProgress(listing.files.length);
        if (listing.files.length > MOST_ENTRIES) throw new BadArchive(file.name);
      }
    } catch (error) {
      if (signal.aborted) throw error;
      throw new BadArchive(file.name);
    }
  }

  async #take(entry: FileEntry, listing: Listing, signal: AbortSignal): Promise<void> {
    const path = entry.filename;
    // The same path in two archives is the same file, split badly: the first counts.
    if (this.#entries.has(path)) return;
    this.#entries.set(path, entry);
    listing.files.push({ path, size: entry.uncompressedSize });
    if (!path.toLowerCase().endsWith('.json') || entry.uncompressedSize > MOST_JSON) return;
    listing.sidecars.push({ path, text: await entry.getData(new TextWriter(), { signal }) });
  }
}

function isFile(entry: Entry): entry is FileEntry {
  return !entry.directory && !entry.encrypted;
}
