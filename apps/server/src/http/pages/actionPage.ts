import { escapeHtml } from '../../channels/escapeHtml.ts';

/** What a person may do on the page, with the sentence why not. */
export type PageAct = {
  readonly do: 'accept' | 'claim' | 'reject' | 'park';
  readonly allowed: boolean;
  readonly why: string | null;
};

/** What the page of a handoff shows. Texts are plain; the page escapes them. */
export type ActionPage = {
  readonly heading: string;
  readonly under: string | null;
  /** What holds now: `offered to you`, `accepted by Ana, 3 min ago`. */
  readonly state: string;
  readonly rows: readonly { readonly label: string; readonly value: string }[];
  readonly phone: string | null;
  readonly email: string | null;
  readonly acts: readonly PageAct[];
  readonly reasons: readonly { readonly id: string; readonly note: string | null }[];
  /** They have just acted and can take it back for so many seconds more; null: not. */
  readonly undoSeconds: number | null;
  /** The earliest day that "bad timing" takes, as `2026-11-24`. */
  readonly firstDay: string;
  /** Which part was asked for and stands open. */
  readonly wants: string | null;
  /** Why what was just tried was not done. */
  readonly refusal: string | null;
  readonly openAt: string;
  /** Where the forms go: the page itself. */
  readonly path: string;
};

/** A page around a body: one column, no script. `path` of the style sheet is fixed. */
export const pageAround = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="robots" content="noindex"><title>${escapeHtml(title)}</title><link rel="stylesheet" href="/act/page.css"></head><body><main>${body}</main></body></html>`;

const words = (id: string): string => id.replaceAll('-', ' ');
const can = (page: ActionPage, act: PageAct['do']): boolean => page.acts.some((one) => one.do === act && one.allowed);

/** The page of one handoff for one rep: what it is, what holds now, and a form for each thing that may be done. */
export const actionPage = (page: ActionPage): string => {
  const accept = (['accept', 'claim'] as const).find((act) => can(page, act));
  const forms = [
    accept === undefined
      ? ''
      : `<form method="post" action="${escapeHtml(page.path)}"><input type="hidden" name="do" value="${accept}"><button class="go" type="submit">${accept === 'accept' ? 'Accept' : 'Claim'} this lead</button></form>`,
    can(page, 'reject') ? rejectForm(page) : '',
    can(page, 'park') ? parkForm(page) : '',
  ].join('');
  const nothing =
    forms === '' ? `<p class="quiet">${escapeHtml(page.acts.find((act) => act.why !== null)?.why ?? '')}</p>` : forms;
  return pageAround(
    `${page.heading}: ${page.state}`,
    `${page.refusal === null ? '' : `<p class="refusal" role="alert">${escapeHtml(page.refusal)}</p>`}` +
      `<h1>${escapeHtml(page.heading)}</h1>${page.under === null ? '' : `<p class="under">${escapeHtml(page.under)}</p>`}` +
      `<p class="state" role="status">${escapeHtml(page.state)}</p>${undoForm(page)}` +
      `<dl>${page.rows.map(({ label, value }) => `<div><dt>${escapeHtml(label)}</dt><dd>${escapeHtml(value)}</dd></div>`).join('')}${reach(page)}</dl>` +
      `<section aria-label="What you can do">${nothing}</section>` +
      `<p><a class="open" href="${escapeHtml(page.openAt)}">Open in Baton</a></p>`,
  );
};

const undoForm = ({ undoSeconds, path }: ActionPage): string =>
  undoSeconds === null
    ? ''
    : `<form method="post" action="${escapeHtml(path)}"><input type="hidden" name="do" value="undo"><button type="submit">Undo (for ${undoSeconds} s)</button></form>`;

const reach = ({ phone, email }: ActionPage): string =>
  (phone === null
    ? ''
    : `<div><dt>Phone</dt><dd><a href="tel:${escapeHtml(phone.replace(/[^+\d]/g, ''))}">${escapeHtml(phone)}</a></dd></div>`) +
  (email === null
    ? ''
    : `<div><dt>E-mail</dt><dd><a href="mailto:${escapeHtml(encodeURIComponent(email).replace('%40', '@'))}">${escapeHtml(email)}</a></dd></div>`);

const rejectForm = (page: ActionPage): string =>
  `<details${page.wants === 'reject' ? ' open' : ''}><summary>Reject with a reason</summary><form method="post" action="${escapeHtml(page.path)}"><input type="hidden" name="do" value="reject"><fieldset><legend>Why is this no lead for sales?</legend>${page.reasons
    .map(
      ({ id, note }) =>
        `<label><input type="radio" name="reason" value="${escapeHtml(id)}" required> <span>${escapeHtml(words(id))}${note === null ? '' : ` <small>${escapeHtml(note)}</small>`}</span></label>`,
    )
    .join(
      '',
    )}</fieldset><label class="field">What marketing should know (optional)<textarea name="detail" rows="2" maxlength="1000"></textarea></label><button type="submit">Reject the lead</button></form></details>`;

const parkForm = (page: ActionPage): string =>
  `<details${page.wants === 'park' ? ' open' : ''}><summary>Bad timing</summary><form method="post" action="${escapeHtml(page.path)}"><input type="hidden" name="do" value="park"><label class="field">Comes back to you on<input type="date" name="until" min="${escapeHtml(page.firstDay)}" required></label><label class="field">Note (optional)<textarea name="detail" rows="2" maxlength="1000"></textarea></label><button type="submit">Put it off</button></form></details>`;

/** A page that says one thing: what is the matter and what to do. */
export const sayPage = (title: string, say: string, openAt: string | null): string =>
  pageAround(
    title,
    `<h1>${escapeHtml(title)}</h1><p>${escapeHtml(say)}</p>${openAt === null ? '' : `<p><a class="open" href="${escapeHtml(openAt)}">Open Baton</a></p>`}`,
  );

/** The page where a rep switches mails off or on. */
export const offPage = (name: string, isOff: boolean, path: string, openAt: string): string =>
  pageAround(
    isOff ? 'E-mails are off' : 'E-mails about leads',
    `<h1>${isOff ? 'E-mails are off' : 'E-mails about leads'}</h1><p role="status">${escapeHtml(
      isOff
        ? `${name}, Baton mails you no notices. They stay in the app, and promises run on.`
        : `${name}, Baton mails you when a lead is yours and when a promise is at risk.`,
    )}</p><form method="post" action="${escapeHtml(path)}"><input type="hidden" name="to" value="${isOff ? 'on' : 'off'}"><button class="${isOff ? 'go' : ''}" type="submit">${isOff ? 'Mail me again' : 'No more e-mails of this kind'}</button></form><p><a class="open" href="${escapeHtml(openAt)}">Open Baton</a></p>`,
  );
