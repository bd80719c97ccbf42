import { TEMPLATE_NAMES as NAMES, type TEMPLATE_NAMES, type TemplateRow } from '@baton/contract/templates.ts';
import type { ContactId } from '@baton/domain/kernel/ids.ts';
import { err, ok, type Result } from '@baton/domain/kernel/result.ts';
import type { Pool } from 'pg';
import { iso } from '../../records/iso.ts';
import { textOfHtml, whyNotHtml } from './checkHtml.ts';
import {
  fillLiquid,
  oneLine,
  readLiquid,
  type TemplateFinding,
  type TemplateKind,
  type TokenValues,
} from './liquid.ts';
import { readScene, SAMPLE } from './readScene.ts';

export type TemplateName = (typeof TEMPLATE_NAMES)[number];

/** The texts of one message; absent ones are not asked for. */
export type TemplateTexts = { readonly subject?: string; readonly html?: string; readonly text?: string };

export type Filled = {
  readonly subject: string | null;
  readonly html: string | null;
  readonly text: string | null;
  readonly notes: readonly string[];
};

const KINDS: { readonly [part in keyof TemplateTexts]-?: TemplateKind } = {
  subject: 'line',
  html: 'html',
  text: 'text',
};

/** Reads and fills texts; every finding of every part is told. Bounded in time and size. */
export const fillTexts = (texts: TemplateTexts, values: TokenValues): Result<Filled, readonly TemplateFinding[]> => {
  const findings: TemplateFinding[] = [];
  const notes: string[] = [];
  const filled: { -readonly [part in keyof TemplateTexts]: string } = {};
  for (const part of Object.keys(KINDS) as (keyof TemplateTexts)[]) {
    const text = texts[part];
    if (text === undefined) continue;
    const template = readLiquid(KINDS[part], text);
    if (!template.ok) {
      findings.push(...template.error.map((one) => ({ ...one, say: `${part}: ${one.say}` })));
      continue;
    }
    notes.push(...template.value.notes);
    try {
      filled[part] = fillLiquid(template.value, values);
    } catch (error) {
      const say = error instanceof Error ? (error.message.split('\n')[0] as string) : String(error);
      findings.push({ code: 'template-syntax', say: `${part}: ${say.slice(0, 200)}` });
    }
  }
  if (findings.length > 0) return err(findings);
  return ok({ subject: filled.subject ?? null, html: filled.html ?? null, text: filled.text ?? null, notes });
};

/** What texts become for a contact, or for nobody; null where there is no such contact. */
export const previewTexts = async (
  pool: Pool,
  texts: TemplateTexts,
  contactId: ContactId | null,
): Promise<Result<Filled, readonly TemplateFinding[]> | null> => {
  const values = contactId === null ? SAMPLE : await readScene(pool, contactId);
  return values === null ? null : fillTexts(texts, values);
};

type Stored = { name: TemplateName; subject: string; body: string; updated_at: number; updated_by: string };

/** Every text that may be worded, as it stands. */
export const listOwnTemplates = async (pool: Pool): Promise<TemplateRow[]> => {
  const { rows } = await pool.query<Stored>('select name, subject, body, updated_at, updated_by from message_template');
  return NAMES.map((name) => {
    const row = rows.find((one) => one.name === name);
    return {
      name,
      own: row !== undefined,
      subject: row?.subject ?? null,
      html: row?.body ?? null,
      updatedAt: row === undefined ? null : iso(row.updated_at),
      updatedBy: row?.updated_by ?? null,
    };
  });
};

/** Keeps a company's own words; what could not be filled later is refused now. */
export const saveOwnTemplate = async (
  pool: Pool,
  name: TemplateName,
  texts: { readonly subject: string; readonly html: string },
  by: string,
): Promise<Result<void, readonly TemplateFinding[]>> => {
  const tried = fillTexts(texts, SAMPLE);
  if (!tried.ok) return tried;
  const wrong = texts.subject.trim() === '' ? 'subject: say something' : whyNotHtml(texts.html);
  if (wrong !== null) return err([{ code: 'template-syntax', say: wrong }]);
  await pool.query(
    `insert into message_template (name, subject, body, updated_by) values ($1, $2, $3, $4)
     on conflict (name) do update set subject = excluded.subject, body = excluded.body, updated_by = excluded.updated_by,
       updated_at = now_ms()`,
    [name, texts.subject, texts.html, by],
  );
  return ok(undefined);
};

/** Goes back to Baton's own words. Answers whether there were others. */
export const removeOwnTemplate = async (pool: Pool, name: TemplateName): Promise<boolean> =>
  ((await pool.query('delete from message_template where name = $1', [name])).rowCount ?? 0) > 0;

/** A company's own words for its mails, with their tokens; null where it has none. */
export type OwnMailTemplate = { readonly subject: string; readonly body: string };

export const readOwnMailTemplate = async (pool: Pool): Promise<OwnMailTemplate | null> => {
  const { rows } = await pool.query<OwnMailTemplate>({
    name: 'own-mail',
    text: `select subject, body from message_template where name = 'mail'`,
  });
  return rows[0] ?? null;
};

/** A company's own mail about a contact. Null: what cannot be filled any more counts as no words of its own. */
export const fillOwnMail = async (
  pool: Pool,
  { subject, body }: OwnMailTemplate,
  contactId: ContactId,
): Promise<{ readonly subject: string; readonly html: string; readonly text: string } | null> => {
  const values = await readScene(pool, contactId);
  const filled = values === null ? null : fillTexts({ subject, html: body }, values);
  if (filled === null || !filled.ok) return null;
  const html = filled.value.html ?? '';
  return { subject: oneLine(filled.value.subject ?? ''), html, text: textOfHtml(html) };
};
