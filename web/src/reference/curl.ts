// The request as one would type it. Pure.

import type { ApiDocument, Operation } from './document';
import { exampleOf } from './schema';

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** `curl` for an operation, with a key from the environment where one is needed. */
export function curlOf(document: ApiDocument, operation: Operation, origin: string): string {
  const { method, path, requestBody, security } = operation;
  const lines = [`curl${method === 'GET' ? '' : ` -X ${method}`} "${origin}${path.replace(/\{(\w+)\}/g, (_, name: string) => `$${name.toUpperCase()}`)}"`];
  if (security?.some((one) => 'api_key' in one)) lines.push('-H "Authorization: Bearer $MEDIAVAULT_KEY"');
  else if (security && security.length > 0) lines.push('-H "Authorization: Bearer $ACCESS_TOKEN"');
  const [type, media] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  if (type === 'application/json') {
    lines.push(`--json ${quoted(JSON.stringify(exampleOf(document, media ?? {}) ?? {}))}`);
  } else if (type === 'multipart/form-data') {
    lines.push('-F file=@photo.jpg');
  } else if (type !== undefined) {
    lines.push('--data-binary @photo.jpg');
  }
  return lines.join(' \\\n  ').replace(/^curl -X POST(?=[\s\S]*(--json|-F ))/, 'curl');
}
