// A file in pieces (tus 1.0): what breaks off goes on where it was, also another day and in another page.
// Each call is one try; whoever calls again with the address goes on. Tries and waits are the caller's.

import { ApiError, unreachable } from './problem.js';
import { BASE } from './routes.js';
import type { Transport } from './transport.js';
import type { UploadDetails } from './upload.js';

/** Bytes of a piece: proxies often let no more than 100 MB through at once. */
const PIECE = 32 * 1024 * 1024;

const UPLOADS = '/uploads/tus';
const TUS = { 'Tus-Resumable': '1.0.0' };

export interface ResumableOptions {
  /** Name to keep; the file's own when it has one. */
  fileName?: string;
  /** Hex SHA-256; the server refuses other bytes. */
  sha256?: string | null;
  details?: UploadDetails;
  /** The address of an upload of these bytes that was begun before. */
  address?: string | null;
  /** Told of the address as soon as there is one: keep it. `null`: the one that was given is no longer good. */
  onAddress?: (address: string | null) => void;
  /** Bytes that are there or on their way, of the file. */
  onProgress?: (sent: number) => void;
  /** Bytes sent in one request. */
  pieceSize?: number;
  signal?: AbortSignal;
}

/** What a file became. */
export interface Resumed {
  assetId: string;
  /** Its bytes were there already. */
  duplicate: boolean;
}

interface Standing {
  offset: number;
  done: Resumed | null;
}

type HeaderOf = (name: string) => string | null;

export async function uploadResumably(transport: Transport, file: Blob, options: ResumableOptions = {}): Promise<Resumed> {
  const { onProgress, pieceSize = PIECE, signal } = options;
  const begun = await goOn(transport, options);
  const address = begun?.address ?? (await begin(transport, file, options));
  let standing = begun?.standing ?? { offset: 0, done: null };
  for (;;) {
    onProgress?.(standing.offset);
    if (standing.done) return standing.done;
    const { offset } = standing;
    const piece = file.slice(offset, offset + pieceSize);
    const onSent = onProgress && ((sent: number) => onProgress(offset + Math.min(sent, piece.size)));
    standing = await sendPiece(transport, address, piece, offset, onSent, signal);
  }
}

/** Gives an upload up; what is known of it is deleted. */
export async function giveUp(transport: Transport, address: string): Promise<void> {
  try {
    await transport.send(absolute(transport, address), { method: 'DELETE', headers: TUS });
  } catch (error) {
    if (!(error instanceof ApiError) || ![404, 410].includes(error.status)) throw error;
  }
}

/** How far the upload that was begun before is; null when it cannot be gone on with. */
async function goOn(transport: Transport, options: ResumableOptions): Promise<{ address: string; standing: Standing } | null> {
  const { address, onAddress, signal } = options;
  if (!address) return null;
  try {
    const init: RequestInit = { method: 'HEAD', headers: TUS };
    if (signal) init.signal = signal;
    const answer = await transport.send(absolute(transport, address), init);
    return { address, standing: read((name) => answer.headers.get(name)) };
  } catch (error) {
    const lost = error instanceof ApiError && error.status >= 400 && error.status < 500 && ![401, 423, 429].includes(error.status);
    if (!lost) throw error;
    onAddress?.(null);
    return null;
  }
}

async function begin(transport: Transport, file: Blob, options: ResumableOptions): Promise<string> {
  const { fileName, sha256, details, signal, onAddress } = options;
  const said: [string, string | undefined][] = [
    ['filename', fileName ?? (file as Partial<File>).name],
    ['filetype', file.type || undefined],
    ['sha256', sha256 ?? undefined],
    ['metadata', details && JSON.stringify(details)],
  ];
  const metadata = said.flatMap(([word, value]) => (value === undefined ? [] : `${word} ${base64(value)}`));
  const headers = { ...TUS, 'Upload-Length': String(file.size), 'Upload-Metadata': metadata.join(',') };
  const init: RequestInit = { method: 'POST', headers };
  if (signal) init.signal = signal;
  const answer = await transport.send(transport.address(UPLOADS), init);
  const address = answer.headers.get('Location') ?? '';
  onAddress?.(address);
  return address;
}

async function sendPiece(
  transport: Transport,
  address: string,
  piece: Blob,
  offset: number,
  onSent: ((sent: number) => void) | undefined,
  signal: AbortSignal | undefined,
): Promise<Standing> {
  const headers = { ...TUS, 'Upload-Offset': String(offset), 'Content-Type': 'application/offset+octet-stream' };
  const url = absolute(transport, address);
  signal?.throwIfAborted();
  if (typeof XMLHttpRequest === 'undefined') {
    const init: RequestInit = { method: 'PATCH', headers, body: piece };
    if (signal) init.signal = signal;
    const answer = await transport.send(url, init);
    return read((name) => answer.headers.get(name));
  }
  const all = { ...headers, ...(await transport.authorization()) };
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('PATCH', url);
    request.withCredentials = transport.credentials === 'include';
    for (const [name, value] of Object.entries(all)) request.setRequestHeader(name, value);
    if (onSent) request.upload.onprogress = (event) => onSent(event.loaded);
    request.onload = () => {
      const { status, responseText } = request;
      if (status === 204) resolve(read((name) => request.getResponseHeader(name)));
      else reject(transport.refused(status, responseText, request.getResponseHeader('Retry-After')));
    };
    request.onerror = () => reject(unreachable('The connection broke off'));
    request.onabort = () => reject(signal?.reason);
    signal?.addEventListener('abort', () => request.abort(), { once: true });
    request.send(piece);
  });
}

function read(header: HeaderOf): Standing {
  const offset = Number(header('Upload-Offset') ?? NaN);
  if (!Number.isInteger(offset)) throw unreachable('The answer does not say how far the upload is');
  const assetId = header('Upload-Asset');
  return { offset, done: assetId ? { assetId, duplicate: header('Upload-Duplicate') === 'true' } : null };
}

/** The server gives addresses without its own host. */
function absolute(transport: Transport, address: string): string {
  return transport.address(address.startsWith(BASE) ? address.slice(BASE.length) : address);
}

function base64(text: string): string {
  let bytes = '';
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
  return btoa(bytes);
}
