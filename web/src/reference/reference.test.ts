import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { curlOf } from './curl';
import { credentialsOf, groupsOf, search, type ApiDocument, type Operation } from './document';
import { exampleOf, fieldsOf, innerOf, limitsOf, typeOf, wordsOf } from './schema';

const DOCUMENT = JSON.parse(readFileSync('../docs/openapi.json', 'utf8')) as ApiDocument;
const GROUPS = groupsOf(DOCUMENT);
const ALL = GROUPS.flatMap((group) => group.operations);
const operation = (id: string): Operation => {
  const found = ALL.find((one) => one.operationId === id);
  if (!found) throw new Error(`no operation ${id}`);
  return found;
};

describe('the document', () => {
  it('is shown whole', () => {
    const inDocument = Object.values(DOCUMENT.paths).flatMap((item) => Object.values(item)).length;
    expect(ALL).toHaveLength(inDocument);
  });

  it('is found by words in any order, over path and summary', () => {
    const found = search(GROUPS, 'upload POST /assets').flatMap((group) => group.operations.map((one) => one.operationId));
    expect(found).toContain('post_assets');
    expect(found).not.toContain('get_me');
    expect(search(GROUPS, 'nothing-like-this')).toEqual([]);
  });

  it('says who may call', () => {
    expect(credentialsOf(operation('post_auth_login'))).toBe('No sign-in needed');
    expect(credentialsOf(operation('get_assets'))).toBe('session cookie, access token, API key');
    expect(credentialsOf(operation('get_assets_id_content'))).toContain('signed link');
  });
});

describe('a schema', () => {
  it('is told in words', () => {
    expect(typeOf({ type: ['string', 'null'] })).toBe('string or null');
    expect(typeOf({ type: 'array', items: { $ref: '#/components/schemas/Asset' } })).toBe('list of Asset');
    expect(limitsOf({ minimum: 1, maximum: 5, default: 3 })).toEqual(['1 to 5', '3 when absent']);
    expect(limitsOf({ maxLength: 9, format: 'uuid' })).toEqual(['uuid', 'at most 9 characters']);
    expect(wordsOf({ enum: ['a', 'b', null] })).toEqual(['a', 'b']);
  });

  it('unfolds through references, lists and choices', () => {
    const page = { $ref: '#/components/schemas/AssetPage' };
    expect(fieldsOf(DOCUMENT, page).map((row) => row.name).sort()).toEqual(['items', 'next_cursor']);
    const items = fieldsOf(DOCUMENT, page).find((row) => row.name === 'items');
    expect(innerOf(DOCUMENT, items?.schema ?? {})).toEqual({ $ref: '#/components/schemas/Asset' });
    expect(innerOf(DOCUMENT, { type: 'string' })).toBeNull();
  });

  it('has the example of its body before that of its component', () => {
    const document = { ...DOCUMENT, components: { schemas: { A: { examples: [1] } } } };
    const schema = { $ref: '#/components/schemas/A' };
    expect(exampleOf(document, { schema })).toBe(1);
    expect(exampleOf(document, { schema, example: 2 })).toBe(2);
  });
});

describe('curl', () => {
  it('carries a key, and the path with variables', () => {
    const text = curlOf(DOCUMENT, operation('get_assets_id'), 'http://vault');
    expect(text).toBe('curl "http://vault/api/v1/assets/$ID" \\\n  -H "Authorization: Bearer $MEDIAVAULT_KEY"');
  });

  it('sends files and JSON the way each is taken', () => {
    expect(curlOf(DOCUMENT, operation('post_assets'), '')).toContain('-F file=@photo.jpg');
    expect(curlOf(DOCUMENT, operation('patch_assets_id'), '')).toMatch(/^curl -X PATCH [\s\S]*--json '/);
  });
});
