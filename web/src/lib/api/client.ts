// The one door to the server: `@mediavault/client` with the session's cookie, on the page's own origin.

import { ApiError, BASE, MediaVault, type RequestOptions } from '@mediavault/client';

export { ApiError };
export { problem } from '@mediavault/client';
export { BASE };

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface CallOptions extends Omit<RequestOptions, 'headers'> {
  /** The revision that the change is made upon; another one in between answers `precondition_failed`. */
  ifRevision?: number;
}

let onUnauthenticated: () => void = () => {};

/** Called when a request that needs a session finds none: the page goes to sign-in. */
export function whenUnauthenticated(handler: () => void): void {
  onUnauthenticated = handler;
}

/** The server, with every path, body and answer typed after its API document. */
export const vault = new MediaVault({
  url: '',
  credentials: 'same-origin',
  onRefusal: ({ code }) => {
    if (code === 'unauthenticated') onUnauthenticated();
  },
});

/** A call whose answer is typed by the caller: `types.ts` says more than the document does. */
export function call<T>(method: Method, path: string, { ifRevision, ...options }: CallOptions = {}): Promise<T> {
  const headers = ifRevision === undefined ? {} : { headers: { 'If-Match': `"${ifRevision}"` } };
  return vault.request<T>(method, path, { ...options, ...headers });
}

/** The field of the request that the server found fault with. */
export function faultyField(error: unknown): string | null {
  return error instanceof ApiError ? (error.problem.field ?? null) : null;
}
