// `@mediavault/client`: the API of Media Vault for browsers and Node.

export { MediaVault, type CallOptions, type RequestOptions } from './client.js';
export { type ListenOptions } from './events.js';
export { ApiError, parseProblem, parseRetryAfter, problem, type KnownCode, type Problem } from './problem.js';
export { type ResumableOptions, type Resumed } from './resumable.js';
export { BASE, type Schemas } from './routes.js';
export { SseParser, type ServerEvent } from './sse.js';
export { type Options, type Query } from './transport.js';
export { type Received, type UploadDetails, type UploadOptions } from './upload.js';
export type { components, operations, paths } from './schema.js';
