import { escapeHtml } from '../escapeHtml.ts';
import type { MailLinks } from './mailText.ts';
import { MAIL_TOKENS } from './mailTokens.ts';
import type { NoticeParts } from './noticeParts.ts';

const L = MAIL_TOKENS.light;
const D = MAIL_TOKENS.dark;
const FONT = "font-family:'Public Sans',-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

const withBreaks = (text: string): string => escapeHtml(text).replace(/\n/g, '<br>');

/** Clients that know dark mode take these; the others keep what the elements say. Outlook's dark mode sets data-ogsc. */
const DARK_RULES: readonly (readonly [selector: string, rule: string])[] = [
  ['.bg', `background-color:${D.bg} !important`],
  ['.sheet', `background-color:${D.surface} !important;border-color:${D.line} !important`],
  ['.t1', `color:${D.text} !important`],
  ['.t2', `color:${D.text2} !important`],
  ['.t3', `color:${D.text3} !important`],
  ['.warn', `color:${D.warn} !important`],
  ['.breach', `color:${D.breach} !important`],
  ['.hair', `border-color:${D.line} !important`],
  ['.link', `color:${D.accent} !important`],
  ['.go', `background-color:${D.accent} !important`],
  [
    '.go a',
    `color:${D.onAccent} !important;background-color:${D.accent} !important;border-color:${D.accent} !important`,
  ],
  ['.or a', `color:${D.text} !important;border-color:${D.text3} !important`],
];
const STYLE =
  `:root{color-scheme:light dark;supported-color-schemes:light dark}` +
  `@media (prefers-color-scheme:dark){${DARK_RULES.map(([to, rule]) => `${to}{${rule}}`).join('')}}` +
  DARK_RULES.map(([to, rule]) => `[data-ogsc] ${to}{${rule}}`).join('') +
  `@media (max-width:480px){.pad{padding:20px 16px !important}.btns{width:100% !important}.btn{display:block !important;width:100% !important;padding:0 0 8px !important}.btn a{display:block !important}}`;

const button = (address: string, label: string, isFirst: boolean): string =>
  `<td class="btn ${isFirst ? 'go-cell' : ''}" style="padding:0 8px 8px 0"><table role="presentation" cellpadding="0" cellspacing="0" border="0" width="100%"><tr><td class="${isFirst ? 'go' : 'or'}" style="border-radius:4px;${isFirst ? `background-color:${L.accent};` : ''}"><a href="${escapeHtml(address)}" style="${FONT};display:inline-block;padding:10px 14px;font-size:14px;line-height:20px;font-weight:600;text-align:center;text-decoration:none;border-radius:4px;border:1px solid ${isFirst ? L.accent : L.text3};color:${isFirst ? L.onAccent : L.text}${isFirst ? `;background-color:${L.accent}` : ''}">${escapeHtml(label)}</a></td></tr></table></td>`;

const buttons = (links: MailLinks): string => {
  const shown = [
    ...(links.act === null
      ? []
      : ([
          [`${links.act}?do=accept`, 'Accept'],
          [`${links.act}?do=reject`, 'Reject…'],
          [`${links.act}?do=park`, 'Bad timing…'],
        ] as const)),
    ...(links.open === null ? [] : ([[links.open, 'Open']] as const)),
  ];
  if (shown.length === 0) return '';
  return `<table role="presentation" class="btns" cellpadding="0" cellspacing="0" border="0" style="margin:20px 0 0"><tr>${shown
    .map(([address, label], index) => button(address, label, index === 0))
    .join('')}</tr></table>`;
};

const rowsTable = (parts: NoticeParts): string => {
  const { phone, email } = parts.reach;
  const rows = [
    ...parts.rows.map(({ label, value, tone }) => [
      label,
      `<span class="${tone === 'plain' ? 't1' : tone}" style="color:${tone === 'plain' ? L.text : L[tone]}${tone === 'plain' ? '' : ';font-weight:600'}">${escapeHtml(value)}</span>`,
    ]),
    ...(phone === null ? [] : [['Phone', link(`tel:${phone.replace(/[^+\d]/g, '')}`, phone)]]),
    ...(email === null ? [] : [['E-mail', link(`mailto:${encodeURIComponent(email).replace('%40', '@')}`, email)]]),
  ];
  if (rows.length === 0) return '';
  return `<table role="presentation" cellpadding="0" cellspacing="0" border="0" width="100%" style="margin:16px 0 0">${rows
    .map(
      ([label, value]) =>
        `<tr><td class="t2 hair" valign="top" width="116" style="${FONT};padding:8px 12px 8px 0;border-top:1px solid ${L.line};font-size:13px;line-height:20px;color:${L.text2}">${escapeHtml(label ?? '')}</td><td class="hair" valign="top" style="${FONT};padding:8px 0;border-top:1px solid ${L.line};font-size:14px;line-height:20px;color:${L.text};word-break:break-word">${value}</td></tr>`,
    )
    .join('')}</table>`;
};

const link = (address: string, label: string): string =>
  `<a class="link" href="${escapeHtml(address)}" style="color:${L.accent};text-decoration:underline">${escapeHtml(label)}</a>`;

/**
 * The mail as HTML: one sheet of tables with its styles on the elements, which every client shows, and rules for dark mode
 * for those that know it. No image, no script, nothing fetched. `preview`: what a list of mails shows beside the subject.
 */
export const mailHtml = (title: string, preview: string, parts: NoticeParts, links: MailLinks): string =>
  `<!doctype html><html lang="en" dir="auto"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><meta name="format-detection" content="telephone=no,date=no,address=no,email=no"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head>` +
  `<body class="bg" style="margin:0;padding:0;background-color:${L.bg};-webkit-text-size-adjust:100%">` +
  `<div role="main"><div style="display:none;max-height:0;overflow:hidden;mso-hide:all">${escapeHtml(preview)}</div>` +
  `<table role="presentation" class="bg" cellpadding="0" cellspacing="0" border="0" width="100%" style="background-color:${L.bg}"><tr><td align="center" style="padding:16px 8px">` +
  `<table role="presentation" cellpadding="0" cellspacing="0" border="0" width="100%" style="max-width:560px"><tr><td class="sheet pad" style="background-color:${L.surface};border:1px solid ${L.line};border-radius:8px;padding:24px">` +
  `<h1 class="t1" style="${FONT};margin:0;font-size:20px;line-height:28px;font-weight:600;color:${L.text}">${escapeHtml(parts.heading)}</h1>` +
  (parts.under === null
    ? ''
    : `<p class="t2" style="${FONT};margin:2px 0 0;font-size:14px;line-height:20px;color:${L.text2}">${escapeHtml(parts.under)}</p>`) +
  (parts.own === null ? parts.says : [])
    .map(
      (paragraph) =>
        `<p class="t1" style="${FONT};margin:12px 0 0;font-size:16px;line-height:24px;color:${L.text}">${withBreaks(paragraph)}</p>`,
    )
    .join('') +
  (parts.own === null
    ? ''
    : `<div class="t1" style="${FONT};margin:12px 0 0;font-size:16px;line-height:24px;color:${L.text}">${parts.own}</div>`) +
  rowsTable(parts) +
  buttons(links) +
  `</td></tr><tr><td class="t3" style="${FONT};padding:12px 24px;font-size:12px;line-height:16px;color:${L.text3}">${escapeHtml(parts.footer)}${
    links.off === null
      ? ''
      : ` <a class="t3" href="${escapeHtml(links.off)}" style="color:${L.text3};text-decoration:underline">No more e-mails of this kind</a>`
  }</td></tr></table></td></tr></table></div></body></html>`;
