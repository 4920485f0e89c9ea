// The client: typed calls, pages, uploads and events over one transport.

import { connect, listen, type ListenOptions } from './events.js';
import { giveUp, type ResumableOptions, type Resumed, uploadResumably } from './resumable.js';
import type { Answer, ItemOf, Operation, PagedPath, PathOf, Rest, Verb } from './routes.js';
import type { ServerEvent } from './sse.js';
import { type Options, type Query, Transport } from './transport.js';
import { type Received, upload, type UploadOptions } from './upload.js';

/** What every call may be told. */
export interface CallOptions {
  signal?: AbortSignal;
  /** The revision the change is made upon (`If-Match`); another one in between is `precondition_failed`. */
  ifRevision?: number;
}

export interface RequestOptions extends CallOptions {
  query?: Query;
  body?: unknown;
  headers?: Record<string, string>;
}

type Arguments<V extends Verb, Path extends string> = Rest<Operation<V, Path>, CallOptions>;
type Result<V extends Verb, Path extends string> = Promise<Answer<Operation<V, Path>>>;
interface Given extends RequestOptions {
  path?: Record<string, string | number>;
}

export class MediaVault {
  readonly #transport: Transport;

  constructor(options: Options) {
    this.#transport = new Transport(options);
  }

  get<Path extends PathOf<'get'>>(path: Path, ...[input]: Arguments<'get', Path>): Result<'get', Path> {
    return this.#call('GET', path, input);
  }

  post<Path extends PathOf<'post'>>(path: Path, ...[input]: Arguments<'post', Path>): Result<'post', Path> {
    return this.#call('POST', path, input);
  }

  put<Path extends PathOf<'put'>>(path: Path, ...[input]: Arguments<'put', Path>): Result<'put', Path> {
    return this.#call('PUT', path, input);
  }

  patch<Path extends PathOf<'patch'>>(path: Path, ...[input]: Arguments<'patch', Path>): Result<'patch', Path> {
    return this.#call('PATCH', path, input);
  }

  delete<Path extends PathOf<'delete'>>(path: Path, ...[input]: Arguments<'delete', Path>): Result<'delete', Path> {
    return this.#call('DELETE', path, input);
  }

  /** Everything on all pages, one page in memory. */
  async *pages<Path extends PagedPath>(
    path: Path,
    ...[input]: Arguments<'get', Path>
  ): AsyncGenerator<ItemOf<Path>, void, undefined> {
    const given: Given = { ...(input as Given | undefined) };
    let cursor = given.query?.['cursor'];
    do {
      const query: Query = { ...given.query, cursor };
      const page: { items: ItemOf<Path>[]; next_cursor?: string | null } = await this.#call('GET', path, { ...given, query });
      yield* page.items;
      cursor = page.next_cursor;
    } while (cursor);
  }

  /** Sends one file, in constant memory. */
  upload(file: Blob, options?: UploadOptions): Promise<Received> {
    return upload(this.#transport, file, options);
  }

  /** Sends one file in pieces: one try, which goes on where an earlier one broke off. */
  uploadResumably(file: Blob, options?: ResumableOptions): Promise<Resumed> {
    return uploadResumably(this.#transport, file, options);
  }

  /** Gives up what `uploadResumably` has begun. */
  giveUpUpload(address: string): Promise<void> {
    return giveUp(this.#transport, address);
  }

  /** Everything that changes, from now on; comes back by itself when the connection breaks. */
  events(options?: ListenOptions): AsyncGenerator<ServerEvent> {
    return listen(this.#transport, options);
  }

  /** One connection of the event stream, for those who come back by rules of their own. */
  connect(options?: ListenOptions): Promise<AsyncGenerator<ServerEvent>> {
    return connect(this.#transport, options);
  }

  /** The address of a path, for links and pictures. */
  address(path: string, query?: Query): string {
    return this.#transport.address(path, query);
  }

  /** The answer as it comes: originals, pictures, archives. */
  raw(method: string, path: string, options: RequestOptions = {}): Promise<Response> {
    const { query, body, signal, ifRevision } = options;
    const headers = { ...options.headers };
    const init: RequestInit = { method, headers };
    if (signal) init.signal = signal;
    if (ifRevision !== undefined) headers['If-Match'] = `"${ifRevision}"`;
    if (body instanceof FormData) {
      // Whoever sends it names the type, together with the boundary.
      init.body = body;
    } else if (body !== undefined) {
      headers['Content-Type'] = 'application/json';
      init.body = JSON.stringify(body);
    }
    return this.#transport.send(this.#transport.address(path, query), init);
  }

  /** A call without the help of types: the path as it is, whatever it answers. */
  async request<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
    const headers = { Accept: 'application/json', ...options.headers };
    const response = await this.raw(method, path, { ...options, headers });
    const text = await response.text();
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  #call<T>(method: string, path: string, input: unknown): Promise<T> {
    const { path: values = {}, ...options } = (input ?? {}) as Given;
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
    return this.request<T>(method, filled, options);
  }
}
