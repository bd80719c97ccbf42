import fc from 'fast-check';
import { expect, test } from 'vitest';
import { textOfHtml, whyNotHtml } from './checkHtml.ts';
import { fillLiquid, readLiquid, type TokenValues } from './liquid.ts';
import { fillTexts } from './messageTemplates.ts';
import { SAMPLE } from './readScene.ts';

const evil: TokenValues = (token) =>
  token === 'contact.name' ? `<img src=x onerror=alert(1)>"'\r\nBcc: a@b.example` : undefined;
const fill = (kind: 'html' | 'text' | 'line', text: string, values: TokenValues = SAMPLE): string => {
  const template = readLiquid(kind, text);
  if (!template.ok) throw new Error(template.error.map(({ say }) => say).join('; '));
  return fillLiquid(template.value, values);
};
const codesOf = (text: string): string[] => {
  const read = readLiquid('html', text);
  return read.ok ? [] : read.error.map(({ code }) => code);
};

test('what is known of people is escaped in HTML, one line in a subject, and as it is in a text', () => {
  expect(fill('html', '{{ contact.name }}{{ contact.name | raw }}{{ contact.name | escape }}', evil)).not.toMatch(
    /[<>"']/,
  );
  expect(fill('line', 'For {{ contact.name }}', evil)).toBe(`For <img src=x onerror=alert(1)>"' Bcc: a@b.example`);
  expect(fill('text', '{{ contact.name }}', evil)).toContain('\r\nBcc');
});

test('a value that is not known has words of its own, or those the template gives', () => {
  const nothing: TokenValues = () => undefined;
  expect(fill('text', 'Hi {{ contact.firstName }} at {{ company.name }}', nothing)).toBe('Hi there at their company');
  expect(fill('text', '{{ contact.title | default: "no title" }}', nothing)).toBe('no title');
  expect(fill('text', '{% if contact.phone %}call{% else %}mail{% endif %}', nothing)).toBe('mail');
});

test('only tokens can be named, by whatever way', () => {
  for (const text of [
    '{{ contact }}',
    '{{ contact.constructor.name }}',
    '{{ contact.__proto__ }}',
    '{{ contact["__proto__"] }}',
    '{{ contact[intent] }}',
    '{{ env.HOME }}',
    '{{ reason.size }}',
    '{% if process %}x{% endif %}',
    '{% assign c = contact %}{{ c }}',
    '{{ "x" | default: settings }}',
  ])
    expect([text, codesOf(text)[0]]).toEqual([text, 'unknown-token']);
  for (const text of [
    "{% include '/etc/passwd' %}",
    "{% render 'x' %}",
    "{% layout 'x' %}",
    '{% for i in (1..1000000000) %}x{% endfor %}',
    '{% tablerow i in (1..9) %}x{% endtablerow %}',
    '{% liquid echo reason %}',
    '{{ reason | where: "a" }}',
    '{{ reason | json }}',
    '{{ unclosed',
    '{% if reason %}',
    'x'.repeat(20_001),
  ])
    expect([text.slice(0, 50), codesOf(text)[0]]).toEqual([text.slice(0, 50), 'template-syntax']);
});

test('a template that wants much is ended in time, with a finding', () => {
  const doubling = `{% assign x = reason %}${'{% capture x %}{{ x }}{{ x }}{% endcapture %}'.repeat(40)}{{ x }}`;
  const started = performance.now();
  const filled = fillTexts({ html: doubling, subject: '{{ (1..1000000000) }}' }, SAMPLE);
  expect(performance.now() - started).toBeLessThan(2_000);
  expect(filled.ok ? [] : filled.error.map(({ code }) => code)).toContain('template-syntax');
});

test('whatever the text, reading and filling neither throws nor lets a value out unescaped', () => {
  const part = fc.oneof(
    fc.constantFrom('{{', '}}', '{%', '%}', '|', 'contact.name', 'reason', ' if ', 'endif', '"', "'", '[', '..', 'raw'),
    fc.string({ maxLength: 8 }),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 14 }), (parts) => {
      const text = parts.join('');
      const filled = fillTexts({ html: text }, evil);
      if (filled.ok)
        expect(filled.value.html?.includes('<img src=x onerror')).toBe(text.includes('<img src=x onerror'));
    }),
    { numRuns: 300 },
  );
});

test('a mail’s text holds plain tags and safe links, and reads without them', () => {
  const good =
    '<p>Hi {{ owner.name }},</p><p>see <a href="https://x.example/{{ contact.email }}">this</a> &amp; call<br>now</p>';
  expect(whyNotHtml(good)).toBeNull();
  expect(textOfHtml('<p>Hi Ana,</p><p>see <a href="https://x.example">this</a> &amp; &lt;call&gt;<br>now</p>')).toBe(
    'Hi Ana,\nsee this & <call>\nnow',
  );
  for (const bad of [
    '<script>alert(1)</script>',
    '<img src=http://evil/p.gif>',
    '<a href="javascript:alert(1)">x</a>',
    '<p style="background:url(x)">x</p>',
    '<p onclick="x">x</p>',
    '<a href="https://x" onclick="y">x</a>',
    '<scr<b>ipt>',
    '<!-- x -->',
    'a <p',
  ])
    expect([bad, whyNotHtml(bad)]).not.toEqual([bad, null]);
});
