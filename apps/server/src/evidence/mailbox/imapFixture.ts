/**
 * A small IMAP4rev1 server (RFC 3501) for tests: one account, one folder, mails that tests append. It speaks the commands that
 * a reader needs, over a real socket, and refuses what is out of order as servers do.
 */
import { createServer, type Socket } from 'node:net';

export type ImapServer = {
  readonly port: number;
  /** Appends a mail and answers its uid. */
  readonly append: (mail: string, arrivedAt?: Date) => number;
  /** Takes uids out of use: whoever remembers one has to begin anew. */
  readonly renumber: () => void;
  readonly remove: (uid: number) => void;
  /** Commands that were refused, and how often somebody logged in. */
  readonly refused: string[];
  readonly logins: () => number;
  /** How often the folder was opened. */
  readonly looks: () => number;
  /** Ends all connections, as a server that is started anew does. */
  readonly hangUp: () => void;
  readonly stop: () => Promise<void>;
};

/** How far a connection is: RFC 3501, section 3. */
type State = 'greeted' | 'known' | 'selected';

type Stored = { uid: number; readonly mail: Buffer; readonly arrivedAt: Date };

export const startImapServer = async (account: {
  user: string;
  password: string;
  /** Tells of new mails by itself (RFC 2177). */
  idles?: boolean;
}): Promise<ImapServer> => {
  const idling = new Set<() => void>();
  let looks = 0;
  const mails: Stored[] = [];
  const sockets = new Set<Socket>();
  const refused: string[] = [];
  let uidNext = 1;
  let validity = 1_000;
  let logins = 0;

  const serve = (socket: Socket): void => {
    let state = 'greeted' as State;
    let buffered = '';
    let idleTag: string | null = null;
    let known = 0;
    const say = (line: string): void => {
      socket.write(`${line}\r\n`);
    };
    const fetch = (tag: string, args: string): void => {
      const asked = /^FETCH (\d+):(\d+|\*) \((.*)\)$/i.exec(args);
      if (asked === null) {
        refuse(tag, `not known: UID ${args}`);
        return;
      }
      const [, from, to, items = ''] = asked;
      const last = to === '*' ? Number.MAX_SAFE_INTEGER : Number(to);
      const range = /BODY\.PEEK\[\]<(\d+)\.(\d+)>/i.exec(items);
      const begin = Number(range?.[1] ?? 0);
      for (const [index, { uid, mail, arrivedAt }] of mails.entries()) {
        if (uid < Number(from) || uid > last) continue;
        const body = mail.subarray(begin, begin + Number(range?.[2] ?? mail.length));
        const date = arrivedAt.toUTCString().replace(/^\w+, (\d+) (\w+) (\d+) ([\d:]+) GMT$/, '$1-$2-$3 $4 +0000');
        socket.write(`* ${index + 1} FETCH (UID ${uid} INTERNALDATE "${date}" BODY[]<${begin}> {${body.length}}\r\n`);
        socket.write(body);
        socket.write(')\r\n');
      }
      say(`${tag} OK done`);
    };
    const refuse = (tag: string, why: string): void => {
      refused.push(why);
      say(`${tag} NO ${why}`);
    };
    const select = (tag: string, args: string): void => {
      if (!/^"?INBOX"?$/i.test(args)) {
        refuse(tag, '[NONEXISTENT] there is no such folder');
        return;
      }
      state = 'selected';
      looks += 1;
      known = mails.length;
      say(`* ${mails.length} EXISTS`);
      say('* 0 RECENT');
      say('* FLAGS (\\Seen)');
      say(`* OK [UIDVALIDITY ${validity}] valid`);
      say(`* OK [UIDNEXT ${uidNext}] next`);
      say(`${tag} OK [READ-ONLY] done`);
    };
    const list =
      (command: string) =>
      (tag: string): void => {
        say(`* ${command} (\\HasNoChildren) "/" "INBOX"`);
        say(`${tag} OK done`);
      };
    const tellNew = (): void => {
      known = mails.length;
      say(`* ${known} EXISTS`);
    };
    const idle = (tag: string): void => {
      idleTag = tag;
      idling.add(tellNew);
      say('+ idling');
      // what came since the last command is told with the next one
      if (mails.length !== known) tellNew();
    };
    const endIdle = (tag: string): void => {
      idleTag = null;
      idling.delete(tellNew);
      say(`${tag} OK done`);
    };
    const login = (tag: string, args: string): void => {
      const words = [...args.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)];
      const [user, password] = words.map(([, quoted, plain]) => quoted?.replace(/\\(.)/g, '$1') ?? plain);
      if (user !== account.user || password !== account.password) {
        refuse(tag, '[AUTHENTICATIONFAILED] who are you');
        return;
      }
      state = 'known';
      logins += 1;
      say(`${tag} OK welcome`);
    };
    const COMMANDS: {
      readonly [command: string]: {
        readonly needs: readonly State[];
        readonly run: (tag: string, args: string) => void;
      };
    } = {
      CAPABILITY: {
        needs: ['greeted', 'known', 'selected'],
        run: (tag) => {
          say(`* CAPABILITY IMAP4rev1${account.idles === true ? ' IDLE' : ''}`);
          say(`${tag} OK done`);
        },
      },
      ...(account.idles === true ? { IDLE: { needs: ['selected'] as const, run: idle } } : {}),
      NOOP: { needs: ['greeted', 'known', 'selected'], run: (tag) => say(`${tag} OK done`) },
      LOGIN: { needs: ['greeted'], run: login },
      LOGOUT: {
        needs: ['greeted', 'known', 'selected'],
        run: (tag) => {
          say('* BYE');
          say(`${tag} OK bye`);
          socket.end();
        },
      },
      LIST: { needs: ['known', 'selected'], run: list('LIST') },
      LSUB: { needs: ['known', 'selected'], run: list('LSUB') },
      SELECT: { needs: ['known', 'selected'], run: select },
      EXAMINE: { needs: ['known', 'selected'], run: select },
      UID: { needs: ['selected'], run: fetch },
    };
    const answer = (tag: string, name: string, args: string): void => {
      const command = COMMANDS[name];
      if (command === undefined) refuse(tag, `not known: ${name} ${args}`);
      else if (command.needs.includes(state)) command.run(tag, args);
      else refuse(tag, `${name} is not for now`);
    };
    socket.on('data', (chunk) => {
      buffered += chunk.toString('latin1');
      for (let end = buffered.indexOf('\r\n'); end >= 0; end = buffered.indexOf('\r\n')) {
        const line = buffered.slice(0, end);
        buffered = buffered.slice(end + 2);
        if (idleTag !== null && /^DONE$/i.test(line)) {
          endIdle(idleTag);
          continue;
        }
        const [, tag = '*', command = '', args = ''] = /^(\S+) (\S+) ?(.*)$/.exec(line) ?? [];
        answer(tag, command.toUpperCase(), args);
      }
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      idling.delete(tellNew);
    });
    sockets.add(socket);
    say('* OK IMAP4rev1 ready');
  };

  const server = createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    append(mail, arrivedAt = new Date()) {
      const uid = uidNext;
      uidNext += 1;
      mails.push({ uid, mail: Buffer.from(mail.replace(/\r?\n/g, '\r\n'), 'utf8'), arrivedAt });
      for (const tell of idling) tell();
      return uid;
    },
    renumber() {
      validity += 1;
      uidNext = 1;
      for (const one of mails) {
        one.uid = uidNext;
        uidNext += 1;
      }
    },
    remove(uid) {
      mails.splice(
        mails.findIndex((one) => one.uid === uid),
        1,
      );
    },
    refused,
    logins: () => logins,
    looks: () => looks,
    hangUp() {
      for (const socket of sockets) socket.destroy();
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
