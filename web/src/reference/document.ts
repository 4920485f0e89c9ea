// The API document as this page shows it: operations in groups, each with what it takes and answers. Pure.

export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  examples?: unknown[];
  example?: unknown;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  allOf?: Schema[];
  oneOf?: Schema[];
  anyOf?: Schema[];
}

export interface Media {
  schema?: Schema;
  example?: unknown;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header' | 'cookie';
  required?: boolean;
  description?: string;
  schema?: Schema;
  example?: unknown;
}

interface RawOperation {
  operationId: string;
  tags?: string[];
  summary?: string;
  description?: string;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { description: string; content?: Record<string, Media> }>;
  security?: Record<string, string[]>[];
}

export interface ApiDocument {
  info: { title: string; version: string; description?: string };
  tags?: { name: string; description?: string }[];
  paths: Record<string, Record<string, RawOperation>>;
  components?: { schemas?: Record<string, Schema> };
}

export interface Operation extends RawOperation {
  method: string;
  path: string;
}

export interface Group {
  name: string;
  description: string;
  operations: Operation[];
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** Operations under their tags: tags in the document's order, operations by path and method. */
export function groupsOf(document: ApiDocument): Group[] {
  const groups = new Map<string, Group>();
  for (const { name, description = '' } of document.tags ?? []) groups.set(name, { name, description, operations: [] });
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const found = item[method];
      if (!found) continue;
      const name = found.tags?.[0] ?? 'other';
      const group = groups.get(name) ?? { name, description: '', operations: [] };
      group.operations.push({ ...found, method: method.toUpperCase(), path });
      groups.set(name, group);
    }
  }
  return [...groups.values()].filter((group) => group.operations.length > 0);
}

/** What is left when every word must stand somewhere in an operation's path, id, summary or description. */
export function search(groups: Group[], text: string): Group[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (one: Operation, group: string): boolean => {
    const said = `${one.method} ${one.path} ${one.operationId} ${one.summary ?? ''} ${one.description ?? ''} ${group}`.toLowerCase();
    return words.every((word) => said.includes(word));
  };
  return groups
    .map((group) => ({ ...group, operations: group.operations.filter((one) => fits(one, group.name)) }))
    .filter((group) => group.operations.length > 0);
}

const CREDENTIALS: Record<string, string> = { session: 'session cookie', bearer: 'access token', api_key: 'API key' };

/** Who may call it, in words. */
export function credentialsOf({ security }: Operation): string {
  if (!security || security.length === 0) return 'No sign-in needed';
  const names = security.flatMap((one) => Object.keys(one)).map((name) => CREDENTIALS[name] ?? name);
  const free = security.some((one) => Object.keys(one).length === 0);
  return names.join(', ') + (free ? ', or a signed link' : '');
}
