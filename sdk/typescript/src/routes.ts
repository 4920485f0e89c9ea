// The API document as types: which paths there are, what they take, what they answer.

import type { components, paths } from './schema.js';

/** The nouns of the API by name. */
export type Schemas = components['schemas'];

export type Verb = 'get' | 'post' | 'put' | 'patch' | 'delete';

const PREFIX = '/api/v1';

/** What all paths begin with; callers leave it out. */
export const BASE: typeof PREFIX = PREFIX;

type Full<Path extends string> = `${typeof PREFIX}${Path}`;

/** Paths that answer this verb, without the prefix. */
export type PathOf<V extends Verb> = {
  [P in keyof paths]: P extends Full<infer Short> ? (paths[P] extends Record<V, object> ? Short : never) : never;
}[keyof paths];

/** The operation of a verb on a path. */
export type Operation<V extends Verb, Path extends string> =
  Full<Path> extends keyof paths ? (paths[Full<Path>] extends Record<V, infer Found> ? Found : never) : never;

type Parameter<O, Place extends string> = O extends { parameters: infer All }
  ? Place extends keyof All
    ? Exclude<All[Place], undefined>
    : never
  : never;

/** `{ [Name]: Value }`, or nothing where there is no such value. */
type Must<Name extends string, Value> = [Value] extends [never] ? unknown : { [Key in Name]: Value };
type May<Name extends string, Value> = [Value] extends [never] ? unknown : { [Key in Name]?: Value };

type JsonOf<Content> = Content extends { 'application/json': infer Json } ? Json : never;
type Body<O> = O extends { requestBody: { content: infer Content } }
  ? Must<'body', JsonOf<Content>>
  : O extends { requestBody?: infer Maybe }
    ? May<'body', Exclude<Maybe, undefined> extends { content: infer Content } ? JsonOf<Content> : never>
    : unknown;

/** What a call takes besides its path. */
export type Input<O> = Must<'path', Parameter<O, 'path'>> & May<'query', Parameter<O, 'query'>> & Body<O>;

/** The third argument of a call: left out only where nothing in it is required. */
export type Rest<O, Common> = object extends Input<O> ? [input?: Input<O> & Common] : [input: Input<O> & Common];

type Success = 200 | 201 | 202 | 203 | 204 | 206;

/** What a call answers, over all ways of succeeding. */
export type Answer<O> = O extends { responses: infer All }
  ? { [Status in keyof All & Success]: All[Status] extends { content: infer Content } ? JsonOf<Content> : undefined }[keyof All &
      Success]
  : never;

/** Paths that answer a page at a time, and what is on the pages. */
export type ItemOf<Path extends string> =
  Answer<Operation<'get', Path>> extends { items: (infer Item)[]; next_cursor?: string | null } ? Item : never;

export type PagedPath = {
  [Path in PathOf<'get'>]: [ItemOf<Path>] extends [never] ? never : Path;
}[PathOf<'get'>];
