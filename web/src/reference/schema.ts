// A schema in words: the name of its type, its limits, its fields. Pure.

import type { ApiDocument, Media, Schema } from './document';

/** The name of a component a schema is, or is a list of. */
export function nameOf(schema: Schema): string | null {
  return schema.$ref?.split('/').at(-1) ?? null;
}

/** Follows references to what they mean. */
export function resolve(document: ApiDocument, schema: Schema): Schema {
  const name = nameOf(schema);
  const found = name === null ? undefined : document.components?.schemas?.[name];
  return found ? resolve(document, found) : schema;
}

/** `text or null`, `list of Asset`, `Asset`. */
export function typeOf(schema: Schema): string {
  const name = nameOf(schema);
  if (name !== null) return name;
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices) return choices.map(typeOf).join(' or ');
  if (schema.allOf) return schema.allOf.length === 1 && schema.allOf[0] ? typeOf(schema.allOf[0]) : 'object';
  const types = Array.isArray(schema.type) ? schema.type : [schema.type ?? 'anything'];
  return types.map((type) => (type === 'array' ? `list of ${schema.items ? typeOf(schema.items) : 'anything'}` : type)).join(' or ');
}

/** What a value must keep to, each as one phrase. */
export function limitsOf(schema: Schema): string[] {
  const said: string[] = [];
  const range = (low: number | undefined, high: number | undefined, unit: string): void => {
    if (low !== undefined && high !== undefined) said.push(`${low} to ${high}${unit}`);
    else if (high !== undefined) said.push(`at most ${high}${unit}`);
    else if (low !== undefined && low > 0) said.push(`at least ${low}${unit}`);
  };
  if (schema.format && !/^(u?int|double|float)/.test(schema.format)) said.push(schema.format);
  range(schema.minimum, schema.maximum, '');
  range(schema.minLength, schema.maxLength, ' characters');
  range(schema.minItems, schema.maxItems, ' entries');
  if (schema.pattern) said.push(`matches ${schema.pattern}`);
  if (schema.default !== undefined) said.push(`${JSON.stringify(schema.default)} when absent`);
  return said;
}

/** The words a value may be. */
export function wordsOf(schema: Schema): string[] {
  const own = schema.enum ?? (schema.items && !schema.items.$ref ? schema.items.enum : undefined) ?? [];
  return own.filter((one) => one !== null).map(String);
}

export interface FieldRow {
  name: string;
  schema: Schema;
  required: boolean;
}

/** The fields of an object, those of its parts included. */
export function fieldsOf(document: ApiDocument, schema: Schema): FieldRow[] {
  const whole = resolve(document, schema);
  const inherited = (whole.allOf ?? []).flatMap((part) => fieldsOf(document, part));
  const own = Object.entries(whole.properties ?? {});
  return [...inherited, ...own.map(([name, field]) => ({ name, schema: field, required: whole.required?.includes(name) ?? false }))];
}

/** The object inside a list, a choice with null, or a map: what there is to unfold. */
export function innerOf(document: ApiDocument, schema: Schema): Schema | null {
  if (fieldsOf(document, schema).length > 0) return schema;
  const values = typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : [];
  const parts = [...(schema.items ? [schema.items] : []), ...(schema.oneOf ?? []), ...(schema.anyOf ?? []), ...values];
  for (const part of parts) {
    const inner = innerOf(document, part);
    if (inner) return inner;
  }
  return null;
}

/** The example of a body: its own, or that of its schema. */
export function exampleOf(document: ApiDocument, { schema, example }: Media): unknown {
  if (example !== undefined || !schema) return example;
  const { examples, example: own } = resolve(document, schema);
  return examples?.[0] ?? own;
}
