import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** A mail as a server received it: to whom, its headers unfolded and by lower-case name, its parts decoded. */
export type ReceivedMail = {
  readonly to: readonly string[];
  readonly raw: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
  readonly html: string;
};

/** A real SMTP server on a port of its own. `refuse` answers an address with an SMTP error, or null to take it. */
export const startSmtp = async (
  choice: { readonly refuse?: (address: string) => { code: number; say: string } | null; auth?: boolean } = {},
): Promise<{ readonly url: string; readonly mails: ReceivedMail[]; readonly stop: () => Promise<void> }> => {
  const mails: ReceivedMail[] = [];
  const options: SMTPServerOptions = {
    disabledCommands: choice.auth === true ? ['STARTTLS'] : ['STARTTLS', 'AUTH'],
    authOptional: choice.auth !== true,
    allowInsecureAuth: true,
    onAuth: (auth, _session, done) =>
      auth.username === 'baton' && auth.password === 's3cret-word'
        ? done(null, { user: 'baton' })
        : done(new Error('no')),
    onRcptTo: ({ address }, _session, done) => {
      const no = choice.refuse?.(address) ?? null;
      if (no === null) done();
      else done(Object.assign(new Error(no.say), { responseCode: no.code }));
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address);
        mails.push(readMail(to, Buffer.concat(chunks).toString('latin1')));
        done();
      });
    },
  };
  const server = new SMTPServer(options);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  const login = choice.auth === true ? 'baton:s3cret-word@' : '';
  return {
    url: `smtp://${login}127.0.0.1:${port}`,
    mails,
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
};

const readMail = (to: readonly string[], raw: string): ReceivedMail => {
  const { headers, body } = readPart(raw);
  const boundary = /boundary="?([^";]+)"?/.exec(headers.get('content-type') ?? '')?.[1];
  const parts =
    boundary === undefined
      ? []
      : body
          .split(`--${boundary}`)
          .slice(1, -1)
          .map((part) => readPart(part.trimStart()));
  const of = (type: string): string => {
    const part = parts.find((one) => one.headers.get('content-type')?.startsWith(type));
    return part === undefined ? '' : decode(part.body, part.headers.get('content-transfer-encoding'));
  };
  return { to, raw, headers, text: of('text/plain'), html: of('text/html') };
};

const readPart = (raw: string): { readonly headers: ReadonlyMap<string, string>; readonly body: string } => {
  const end = raw.indexOf('\r\n\r\n');
  const headers = new Map<string, string>();
  for (const line of raw
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')) {
    const at = line.indexOf(':');
    headers.set(line.slice(0, at).toLowerCase(), line.slice(at + 1).trim());
  }
  return { headers, body: raw.slice(end + 4) };
};

const decode = (body: string, encoding: string | undefined): string => {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  if (encoding !== 'quoted-printable') return Buffer.from(body, 'latin1').toString('utf8');
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
};
