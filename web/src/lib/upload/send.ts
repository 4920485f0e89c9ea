// One file to POST /assets. XMLHttpRequest, because fetch does not tell upload progress.

import { ApiError, BASE, parseProblem, parseRetryAfter, problem } from '../api/client';
import type { Uploaded } from '../api/types';

export interface Sending {
  file: File;
  /** Verified by the server when given. */
  sha256: string | null;
  onProgress: (sent: number) => void;
  signal: AbortSignal;
}

export function send({ file, sha256, onProgress, signal }: Sending): Promise<Uploaded> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `${BASE}/assets`);
    request.setRequestHeader('Accept', 'application/json');
    if (sha256 !== null) request.setRequestHeader('X-Content-SHA256', sha256);
    request.upload.onprogress = (event) => onProgress(Math.min(event.loaded, file.size));
    request.onload = () => {
      if (request.status === 200 || request.status === 201) resolve(JSON.parse(request.responseText) as Uploaded);
      else reject(refusal(request));
    };
    request.onerror = () => reject(new ApiError(problem(0, 'network', 'The connection broke off')));
    request.onabort = () => reject(signal.reason);
    signal.addEventListener('abort', () => request.abort(), { once: true });
    const form = new FormData();
    form.append('file', file, file.name);
    request.send(form);
  });
}

function refusal(request: XMLHttpRequest): ApiError {
  const found = parseProblem(request.status, request.responseText);
  return new ApiError(found, parseRetryAfter(request.getResponseHeader('Retry-After')));
}
