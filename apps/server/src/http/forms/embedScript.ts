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
