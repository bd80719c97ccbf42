import { FORM_FIELDS_MAX, REQUEST_BYTES_MAX } from '@baton/contract/limits.ts';
import type { WarningCode } from '@baton/contract/receiptCodes.ts';
import type { FastifyRequest } from 'fastify';
import { checkEncoding, decodeBody } from '../decodeBody.ts';
import { cleanJson } from '../events/cleanJson.ts';
import { parseObject } from '../events/parseEvents.ts';
import { HttpProblem } from '../httpProblem.ts';
import { scanJson } from '../scanJson.ts';

/** What a form's fields can hold. Null: sent, and empty on purpose. */
export type FieldValue = string | number | boolean | null;
export type Fields = ReadonlyMap<string, FieldValue>;

/** Reads the fields of each content type; a type that is not here is refused. */
const READERS: { readonly [type: string]: (body: Buffer, type: string) => Map<string, FieldValue> } = {
  'application/x-www-form-urlencoded': (body) => readPairs(new URLSearchParams(decodeText(body))),
  'multipart/form-data': (body, type) => readMultipart(body, type),
  'application/json': (body) => readJsonFields(body),
};

/**
 * The fields of a form in any of the ways in which forms are sent: urlencoded, multipart text, flat JSON. Files are not
 * taken: a part with a file name, or a field that is an object, is refused.
 * @throws HttpProblem `unsupported_media_type`, `too_many_fields`, `malformed_request`, `malformed_json`, `invalid_field`.
 */
export const readFields = (request: FastifyRequest, warnings: Set<WarningCode>): Fields => {
  checkEncoding(request.headers['content-encoding']);
  const type = request.headers['content-type'] ?? '';
  const read = READERS[(type.split(';', 1)[0] as string).trim().toLowerCase()];
  if (read === undefined) {
    throw new HttpProblem('unsupported_media_type', 'Send a form urlencoded, as multipart/form-data, or as flat JSON.');
  }
  const fields = read(Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0), type);
  const clean = new Map<string, FieldValue>();
  for (const [name, value] of fields) {
    if (name === '__proto__' || name === 'constructor' || name === 'prototype') {
      warnings.add('unsafe_key');
      continue;
    }
    clean.set(name, cleanJson(value, true, { members: 0, warnings }) as FieldValue);
  }
  return clean;
};

const decodeText = (body: Buffer): string => {
  try {
    return decodeBody(body, REQUEST_BYTES_MAX);
  } catch (error) {
    if (error instanceof HttpProblem && error.code === 'malformed_json') {
      throw new HttpProblem('malformed_request', 'The form is not UTF-8.');
    }
    throw error;
  }
};

const add = (fields: Map<string, FieldValue>, name: string, value: FieldValue): void => {
  const before = fields.get(name);
  // several boxes of one name are one answer, as pages send them
  fields.set(name, before === undefined || before === null ? value : `${String(before)}, ${String(value)}`);
  if (fields.size > FORM_FIELDS_MAX) {
    throw new HttpProblem('too_many_fields', `A form has at most ${FORM_FIELDS_MAX} fields.`, {
      limit: FORM_FIELDS_MAX,
    });
  }
};

const readPairs = (pairs: URLSearchParams): Map<string, FieldValue> => {
  const fields = new Map<string, FieldValue>();
  for (const [name, value] of pairs) add(fields, name, value);
  return fields;
};

const readJsonFields = (body: Buffer): Map<string, FieldValue> => {
  const text = decodeBody(body, REQUEST_BYTES_MAX);
  const scan = scanJson(text, 4);
  if (scan === null) throw new HttpProblem('invalid_field', 'Fields of a form are texts, numbers, yes or no.');
  const fields = new Map<string, FieldValue>();
  for (const [name, value] of Object.entries(parseObject(text))) {
    if (typeof value === 'object' && value !== null && name !== '__proto__' && name !== 'constructor') {
      throw new HttpProblem(
        'unsupported_media_type',
        'Fields of a form are texts, numbers, yes or no; files are not taken.',
        {
          at: name.slice(0, 100),
        },
      );
    }
    add(fields, name, value as FieldValue);
  }
  return fields;
};

const DISPOSITION = /^content-disposition:\s*form-data\s*;(.*)$/im;
const NAME = /(?:^|;)\s*name="((?:[^"\\]|\\.)*)"/i;
const FILE_NAME = /(?:^|;)\s*filename\*?=/i;

/** Text parts only. Small bodies, so they are cut in memory; the boundary is searched, never put into an expression. */
const readMultipart = (body: Buffer, type: string): Map<string, FieldValue> => {
  const boundary = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(type);
  const mark = boundary?.[1] ?? boundary?.[2];
  if (mark === undefined) throw new HttpProblem('malformed_request', 'multipart/form-data without a boundary.');
  const fields = new Map<string, FieldValue>();
  const parts = `\r\n${decodeText(body)}`.split(`\r\n--${mark}`);
  if (parts.length < 2 || !parts.at(-1)?.startsWith('--')) {
    throw new HttpProblem('malformed_request', 'The multipart body breaks off.');
  }
  for (const part of parts.slice(1, -1)) {
    const at = part.indexOf('\r\n\r\n');
    const head = at === -1 ? '' : part.slice(0, at);
    const disposition = DISPOSITION.exec(head)?.[1] ?? '';
    const name = NAME.exec(disposition)?.[1]?.replace(/\\(.)/g, '$1');
    if (name === undefined) throw new HttpProblem('malformed_request', 'A part of the form has no name.');
    const value = part.slice(at + 4);
    if (FILE_NAME.test(disposition)) {
      if (value === '') continue;
      throw new HttpProblem('unsupported_media_type', 'Files are not taken.', { at: name.slice(0, 100) });
    }
    add(fields, name, value);
  }
  return fields;
};
