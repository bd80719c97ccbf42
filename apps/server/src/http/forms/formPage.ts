/** A page for people whose browser sent a form by itself: one heading, one sentence. Texts are escaped. */
export const formPage = (title: string, say: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title><h1>${escapeHtml(title)}</h1><p>${escapeHtml(say)}</p></html>`;

const ENTITIES: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ENTITIES[character] as string);

/**
 * The script that pages include after their form: it fetches a token and adds it with the honeypot to every form that
 * posts to this address. `id` has passed FORM_ID.
 */
export const embedScript = (id: string): string => `(() => {
  const script = document.currentScript;
  const base = new URL('.', script.src).href.replace(/\\/$/, '');
  const add = (form, name, value) => {
    const input = form.elements.namedItem(name) || form.appendChild(document.createElement('input'));
    Object.assign(input, { type: 'hidden', name, value });
    return input;
  };
  const posts = (form) => form.action === base || form.action === base + '/submissions';
  const prepare = async () => {
    const answer = await fetch(base + '/token');
    const { token } = await answer.json();
    for (const form of document.forms) {
      if (!posts(form)) continue;
      add(form, 'baton_token', token);
      add(form, 'page_url', location.href);
      add(form, 'referrer', document.referrer);
      if (form.elements.namedItem('website_url_hp')) continue;
      const trap = document.createElement('input');
      Object.assign(trap, { name: 'website_url_hp', tabIndex: -1, autocomplete: 'off' });
      trap.setAttribute('aria-hidden', 'true');
      trap.style.cssText = 'position:absolute;left:-9999px';
      form.appendChild(trap);
    }
  };
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', prepare);
  else prepare();
})(); // form ${id}
`;
