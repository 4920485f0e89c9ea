// One file to `POST /assets`. In browsers by XMLHttpRequest, because fetch does not tell how far an
// upload is; elsewhere by counting the body on its way out.

import { unreachable } from './problem.js';
import type { Schemas } from './routes.js';
import type { Transport } from './transport.js';

/** What its owner says about a file, besides its bytes. */
export type UploadDetails = Partial<
  Pick<Schemas['Asset'], 'title' | 'description' | 'tags' | 'favourite' | 'metadata'> & {
    /** The tags are all there are: the file's own keywords do not become tags. */
    tags_only: boolean;
    archived: boolean;
    locked: boolean;
    /** Into the trash at once. */
    trashed: boolean;
    /** 1 to 5; 0 is none, whatever the file says. */
    rating: number;
    /** Wall time and, where it is known, its offset (`+02:00`, `Z`). */
    captured_at: { local: string; offset?: string | null };
    location: { lat: number; lon: number; altitude?: number | null };
  }
>;

/** What became of a file: the asset, and whether its bytes were there already. */
export type Received = Schemas['Received'];

export interface UploadOptions {
  /** Name to keep; the file's own when it has one. */
  fileName?: string;
  /** Hex SHA-256; the server refuses other bytes. */
  sha256?: string | null;
  details?: UploadDetails;
  /** The moving part of a Live Photo, kept with the file. */
  motion?: File | null;
  /** Bytes sent so far, of the whole form: a little more than the file. */
  onProgress?: (sent: number) => void;
  signal?: AbortSignal;
}

export async function upload(transport: Transport, file: Blob, options: UploadOptions = {}): Promise<Received> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (options.sha256) headers['X-Content-SHA256'] = options.sha256;
  const form = formOf(file, options);
  options.signal?.throwIfAborted();
  return typeof XMLHttpRequest === 'undefined'
    ? byFetch(transport, form, headers, options)
    : byXhr(transport, form, { ...headers, ...(await transport.authorization()) }, options);
}

/** Details stand before the file they belong to: the server reads the form once, front to back. */
function formOf(file: Blob, { fileName, details, motion }: UploadOptions): FormData {
  const form = new FormData();
  if (details) form.append('metadata', JSON.stringify(details));
  form.append('file', file, fileName ?? (file as Partial<File>).name ?? 'file');
  if (motion) form.append('motion', motion, motion.name);
  return form;
}

async function byFetch(
  transport: Transport,
  form: FormData,
  headers: Record<string, string>,
  { onProgress, signal }: UploadOptions,
): Promise<Received> {
  const init: RequestInit & { duplex?: 'half' } = { method: 'POST', headers, body: form };
  if (signal) init.signal = signal;
  if (onProgress) {
    const encoded = new Response(form);
    headers['Content-Type'] = encoded.headers.get('Content-Type') ?? 'multipart/form-data';
    init.body = encoded.body?.pipeThrough(counting(onProgress)) ?? null;
    init.duplex = 'half';
  }
  const response = await transport.send(transport.address('/assets'), init);
  return (await response.json()) as Received;
}

function counting(onProgress: (sent: number) => void): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  let sent = 0;
  return new TransformStream({
    transform(chunk, controller) {
      sent += chunk.byteLength;
      onProgress(sent);
      controller.enqueue(chunk);
    },
  });
}

function byXhr(
  transport: Transport,
  form: FormData,
  headers: Record<string, string>,
  { onProgress, signal }: UploadOptions,
): Promise<Received> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', transport.address('/assets'));
    request.withCredentials = transport.credentials === 'include';
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    if (onProgress) request.upload.onprogress = (event) => onProgress(event.loaded);
    request.onload = () => {
      const { status, responseText: body } = request;
      if (status === 200 || status === 201) resolve(JSON.parse(body) as Received);
      else reject(transport.refused(status, body, request.getResponseHeader('Retry-After')));
    };
    request.onerror = () => reject(unreachable('The connection broke off'));
    request.onabort = () => reject(signal?.reason);
    signal?.addEventListener('abort', () => request.abort(), { once: true });
    request.send(form);
  });
}
