import { escapeHtml } from '../channels/escapeHtml.ts';

/** A page for people whose browser asks by itself and shows the answer: one heading, one sentence. Texts are escaped. */
export const plainPage = (title: string, say: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title><h1>${escapeHtml(title)}</h1><p>${escapeHtml(say)}</p></html>`;
