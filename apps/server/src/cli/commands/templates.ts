import { readFileSync } from 'node:fs';
import { TEMPLATE_NAMES } from '@baton/contract/templates.ts';
import { TEMPLATE_TOKENS } from '@baton/domain/policy/template.ts';
import type { TemplateFinding } from '../../channels/templates/liquid.ts';
import {
  listOwnTemplates,
  previewTexts,
  removeOwnTemplate,
  saveOwnTemplate,
  type TemplateName,
} from '../../channels/templates/messageTemplates.ts';
import { findContact } from '../../records/contactFile.ts';
import {
  type Call,
  type Command,
  CommandFailure,
  type CommandOption,
  EXIT,
  operand,
  text,
  UsageError,
} from '../command.ts';
import { withDatabase } from '../session.ts';
import { table } from '../table.ts';

const NAME = { name: 'NAME', say: TEMPLATE_NAMES.join(', '), required: true } as const;
const SUBJECT: CommandOption = { name: 'subject', say: 'the subject', takes: { kind: 'text', name: 'TEXT' } };
const FILE: CommandOption = {
  name: 'html',
  say: 'a file with the text in HTML',
  takes: { kind: 'text', name: 'FILE' },
};

const nameOf = (call: Call): TemplateName => {
  const name = TEMPLATE_NAMES.find((known) => known === operand(call, 0));
  if (name === undefined) throw new UsageError('bad-operand', `NAME is one of ${TEMPLATE_NAMES.join(', ')}.`);
  return name;
};

const readText = (call: Call): string | undefined => {
  const file = text(call, 'html');
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new CommandFailure('file-unreadable', `${file} can't be read.`);
  }
};

const refuse = (findings: readonly TemplateFinding[]): never => {
  throw new CommandFailure(findings[0]?.code ?? 'template-syntax', findings.map(({ say }) => say).join('\n'));
};

const list: Command = {
  path: ['templates'],
  say: 'list the texts that you may word yourself, and the tokens they may name',
  operands: [],
  options: [],
  examples: [{ run: 'baton templates', say: 'the mail about a new lead' }],
  run: (call) =>
    withDatabase(call.terminal, async ({ pool }) => {
      const rows = await listOwnTemplates(pool);
      const tokens = Object.keys(TEMPLATE_TOKENS);
      if (call.json) call.terminal.out(JSON.stringify({ rows, tokens }));
      else {
        call.terminal.out(
          table(
            ['name', 'whose words', 'subject'],
            rows.map((row) => [row.name, row.own ? `yours (${row.updatedBy})` : 'Baton’s', row.subject]),
          ),
        );
        call.terminal.note(`Tokens: ${tokens.join(', ')}`);
      }
      return EXIT.ok;
    }),
};

const preview: Command = {
  path: ['templates', 'preview'],
  say: 'fill a subject or a text for a contact and show it; nothing is kept',
  operands: [],
  options: [
    SUBJECT,
    FILE,
    { name: 'contact', say: 'whose facts fill it (nobody’s)', takes: { kind: 'text', name: 'EMAIL' } },
  ],
  examples: [
    {
      run: 'baton templates preview --subject "{{ contact.name }}: {{ reason }}" --contact ada@customer.example',
      say: 'one line, as Ada’s owner would read it',
    },
  ],
  run: (call) =>
    withDatabase(call.terminal, async ({ pool }) => {
      const [subject, html, named] = [text(call, 'subject'), readText(call), text(call, 'contact')];
      if (subject === undefined && html === undefined)
        throw new UsageError('missing-option', 'Say what: --subject TEXT, --html FILE, or both.');
      const contactId = named === undefined ? null : await findContact(pool, named);
      if (named !== undefined && contactId === null)
        throw new CommandFailure('contact-unknown', `Nobody is known as "${named}".`);
      const texts = { ...(subject === undefined ? {} : { subject }), ...(html === undefined ? {} : { html }) };
      const filled = await previewTexts(pool, texts, contactId);
      if (filled === null) throw new CommandFailure('contact-unknown', 'This contact is gone.');
      if (!filled.ok) return refuse(filled.error);
      if (call.json) call.terminal.out(JSON.stringify({ ...filled.value, contactId }));
      else {
        for (const shown of [filled.value.subject, filled.value.html]) if (shown !== null) call.terminal.out(shown);
        for (const note of filled.value.notes) call.terminal.note(note);
      }
      return EXIT.ok;
    }),
};

const save: Command = {
  path: ['templates', 'save'],
  say: 'word a text yourself; a name that is no token is refused',
  operands: [NAME],
  options: [SUBJECT, FILE],
  examples: [
    { run: 'baton templates save mail --subject "{{ contact.name }}" --html mail.html', say: 'your own mail' },
  ],
  run: (call) =>
    withDatabase(call.terminal, async ({ pool }) => {
      const [name, subject, html] = [nameOf(call), text(call, 'subject'), readText(call)];
      if (subject === undefined || html === undefined)
        throw new UsageError('missing-option', 'Say both: --subject TEXT and --html FILE.');
      const saved = await saveOwnTemplate(pool, name, { subject, html }, 'command line');
      if (!saved.ok) return refuse(saved.error);
      if (call.json) call.terminal.out(JSON.stringify({ name, own: true }));
      else call.terminal.note(`${name} now says your words.`);
      return EXIT.ok;
    }),
};

const reset: Command = {
  path: ['templates', 'reset'],
  say: 'go back to the words that Baton has',
  operands: [NAME],
  options: [],
  examples: [{ run: 'baton templates reset mail', say: 'the built-in mail' }],
  run: (call) =>
    withDatabase(call.terminal, async ({ pool }) => {
      const name = nameOf(call);
      const was = await removeOwnTemplate(pool, name);
      if (call.json) call.terminal.out(JSON.stringify({ name, own: false }));
      else call.terminal.note(was ? `${name} says Baton’s words again.` : `${name} says Baton’s words already.`);
      return EXIT.ok;
    }),
};

export const templateCommands: readonly Command[] = [list, preview, save, reset];
