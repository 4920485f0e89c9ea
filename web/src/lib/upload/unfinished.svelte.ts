// What was begun in another page, or before a reload, and is not whole: the server knows. The file itself is
// out of reach for a page that was closed, so it is asked for.

import { giveUp, listUnfinished, type Unfinished } from '../api/uploads';

class UnfinishedUploads {
  items = $state.raw<Unfinished[]>([]);

  /** Looks what there is besides the files of these names, which have rows of their own. */
  async load(shown: ReadonlySet<string>): Promise<void> {
    try {
      const { items } = await listUnfinished();
      this.items = items.filter((one) => one.role === 'whole' && one.offset > 0 && !shown.has(one.file_name));
    } catch {
      // Only a reminder: without a connection, or without the right to upload, there is none.
      this.items = [];
    }
  }

  async giveUp(one: Unfinished): Promise<void> {
    await giveUp(one.address);
    this.items = this.items.filter((other) => other !== one);
  }

  /** Reminds no more, until the page is opened again. */
  dismiss(): void {
    this.items = [];
  }
}

export const unfinished = new UnfinishedUploads();
