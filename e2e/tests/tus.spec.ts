// Another client of the protocol, in Node: tus-js-client, as Uppy and many apps use it.

import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { Upload, type UploadOptions } from 'tus-js-client';
import { ACCOUNT, expect, test } from '../support/fixtures';
import type { Vault } from '../support/vault';

const MIB = 1024 * 1024;

interface Ended {
  upload: Upload;
  asset: string;
}

/** Somebody's key: what programs carry. */
async function keyOf(vault: Vault): Promise<string> {
  const json = { 'Content-Type': 'application/json' };
  const registered = await fetch(`${vault.url}/api/v1/auth/register`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ ...ACCOUNT, session: 'token' }),
  });
  const { access_token } = (await registered.json()) as { access_token: string };
  const made = await fetch(`${vault.url}/api/v1/me/keys`, {
    method: 'POST',
    headers: { ...json, Authorization: `Bearer ${access_token}` },
    body: JSON.stringify({ name: 'tus-js-client' }),
  });
  return ((await made.json()) as { key: string }).key;
}

class Uploader {
  asset = '';

  constructor(
    readonly vault: Vault,
    readonly key: string,
  ) {}

  get endpoint(): string {
    return `${this.vault.url}/api/v1/uploads/tus`;
  }

  get headers(): Record<string, string> {
    return { Authorization: `Bearer ${this.key}` };
  }

  make(file: Buffer | Readable, options: UploadOptions, ended: (error: Error | null) => void): Upload {
    return new Upload(file, {
      endpoint: this.endpoint,
      headers: this.headers,
      metadata: { filename: 'film.bin', filetype: 'application/octet-stream' },
      retryDelays: [0, 200, 500, 1000],
      onAfterResponse: (_, response) => {
        this.asset = response.getHeader('Upload-Asset') ?? this.asset;
      },
      onSuccess: () => ended(null),
      onError: (error) => ended(error),
      ...options,
    });
  }

  async send(file: Buffer | Readable, options: UploadOptions): Promise<Ended> {
    const upload = await new Promise<Upload>((resolve, reject) => {
      const upload = this.make(file, options, (error) => (error ? reject(error) : resolve(upload)));
      upload.start();
    });
    return { upload, asset: this.asset };
  }

  async digest(asset: string): Promise<string> {
    const answer = await fetch(`${this.vault.url}/api/v1/assets/${asset}/content`, { headers: this.headers });
    expect(answer.status).toBe(200);
    return digest(Buffer.from(await answer.arrayBuffer()));
  }
}

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

async function uploader(vault: Vault): Promise<Uploader> {
  return new Uploader(vault, await keyOf(vault));
}

test('tus-js-client sends a file in chunks', async ({ vault }) => {
  const client = await uploader(vault);
  const file = randomBytes(20 * MIB + 17);
  const { asset } = await client.send(file, { chunkSize: 3 * MIB });
  expect(await client.digest(asset)).toBe(digest(file));
});

test('tus-js-client sends a file over parallel connections', async ({ vault }) => {
  const client = await uploader(vault);
  const file = randomBytes(20 * MIB + 17);
  const { asset } = await client.send(file, { parallelUploads: 4, chunkSize: 2 * MIB });
  expect(await client.digest(asset)).toBe(digest(file));
});

test('tus-js-client sends a stream whose length it does not know', async ({ vault }) => {
  const client = await uploader(vault);
  const file = randomBytes(5 * MIB + 3);
  const stream = Readable.from([file.subarray(0, MIB), file.subarray(MIB)], { objectMode: false });
  const { asset } = await client.send(stream, { uploadLengthDeferred: true, chunkSize: MIB });
  expect(await client.digest(asset)).toBe(digest(file));
});

test('tus-js-client sends the first bytes with the creation', async ({ vault }) => {
  const client = await uploader(vault);
  const file = randomBytes(3 * MIB);
  const { asset } = await client.send(file, { uploadDataDuringCreation: true });
  expect(await client.digest(asset)).toBe(digest(file));
});

test('tus-js-client goes on with what it broke off', async ({ vault }) => {
  const client = await uploader(vault);
  const file = randomBytes(24 * MIB);
  const address = await new Promise<string>((resolve, reject) => {
    const upload = client.make(
      file,
      {
        chunkSize: 4 * MIB,
        onChunkComplete: (_, accepted) => {
          if (accepted < 8 * MIB) return;
          void upload.abort().then(() => resolve(upload.url ?? ''));
        },
      },
      (error) => reject(error ?? new Error('it ended before it was broken off')),
    );
    upload.start();
  });
  // Another program, another day: it knows the address alone.
  let first = 0;
  const { asset } = await client.send(file, {
    uploadUrl: address,
    onProgress: (sent) => (first ||= sent),
  });
  expect(first).toBeGreaterThanOrEqual(8 * MIB);
  expect(await client.digest(asset)).toBe(digest(file));
});

test('tus-js-client goes on when the vault is restarted under it', async ({ vault }) => {
  const client = await uploader(vault);
  const file = randomBytes(30 * MIB);
  let restarted: Promise<void> | null = null;
  const { asset } = await client.send(file, {
    chunkSize: 2 * MIB,
    retryDelays: Array.from({ length: 40 }, () => 250),
    onChunkComplete: (_, accepted) => {
      if (accepted >= 10 * MIB) restarted ??= vault.stop().then(() => vault.start());
    },
  });
  await restarted;
  expect(restarted).not.toBeNull();
  expect(await client.digest(asset)).toBe(digest(file));
});

test('tus-js-client ends an upload', async ({ vault }) => {
  const client = await uploader(vault);
  const { upload } = await client.send(Buffer.from('words'), {});
  const open = client.make(randomBytes(MIB), { chunkSize: 1024 }, () => {});
  open.options.onChunkComplete = () => void open.abort(true);
  open.start();
  await expect
    .poll(async () => {
      if (!open.url) return 0;
      const headers = { ...client.headers, 'Tus-Resumable': '1.0.0' };
      return (await fetch(open.url, { method: 'HEAD', headers })).status;
    })
    .toBe(410);
  await Upload.terminate(upload.url ?? '', { headers: client.headers });
});
