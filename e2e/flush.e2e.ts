import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenDatabase, openDatabase } from '../apps/server/src/database/openDatabase.ts';
import { prepareCompany } from './processes/prepareCompany.ts';
import { type RunningNode, startNode } from './processes/startNode.ts';

// A kill leaves the kernel's page cache alive, so it can't see a missing flush. Only the order of system calls shows
// that the log is on the disk before the answer leaves.
const missing =
  spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0 ? null : 'strace is missing or may not trace here';

describe.skipIf(missing !== null)(`the write-ahead log${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  let dataDir: string;
  let database: OpenDatabase;
  let node: RunningNode;
  let key: string;

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'baton-flush-'));
    database = await openDatabase({ dataDir, databaseUrl: null });
    ({ key } = await prepareCompany(database.connection));
    node = await startNode({ BATON_DATA: dataDir });
    await request(node.url, key, 'warm-up');
  });

  afterAll(async () => {
    await node?.stop();
    await database?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('is flushed to disk between the arrival of an event and its answer, every time', async () => {
    const log = join(dataDir, 'trace');
    const tracer = await trace(log, node.pid, postgresPids(database.embedded?.pid() ?? 0));
    for (let at = 0; at < 5; at += 1) await request(node.url, key, `flush-${at}`);
    tracer.kill('SIGINT');
    await once(tracer, 'exit');

    const calls = readFileSync(log, 'utf8').split('\n');
    for (let at = 0; at < 5; at += 1) {
      const arrived = calls.findIndex(
        (line) => line.includes(`flush-${at}`) && /\b(read|recv|readv|recvfrom)\(/.test(line),
      );
      const answered = calls.findIndex(
        (line, index) => index > arrived && /\b(write|writev|sendto)\(.*HTTP\/1\.1 200/.test(line),
      );
      expect(arrived, `request ${at} was seen`).toBeGreaterThan(-1);
      expect(answered, `answer ${at} was seen`).toBeGreaterThan(arrived);
      const flushed = calls
        .slice(arrived, answered)
        .some((line) => /\b(fdatasync|fsync)(\(\d+\)| resumed>).*= 0/.test(line));
      expect(
        flushed,
        `a flush was complete before answer ${at}:\n${calls.slice(arrived, answered + 1).join('\n')}`,
      ).toBe(true);
    }
  });
});

const request = async (url: string, key: string, messageId: string): Promise<void> => {
  const answer = await fetch(`${url}/v1/track`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Basic ${btoa(`${key}:`)}` },
    body: JSON.stringify({
      messageId,
      event: 'Demo Requested',
      userId: messageId,
      context: { traits: { email: `${messageId}@flush.example` } },
    }),
  });
  expect(answer.status).toBe(200);
  await answer.text();
};

/** The postmaster and all its children now; connections are pooled, so the ones that will serve exist. */
const postgresPids = (postmaster: number): number[] => {
  const children = spawnSync('ps', ['-o', 'pid=', '--ppid', String(postmaster)], { encoding: 'utf8' }).stdout;
  return [postmaster, ...children.trim().split(/\s+/).filter(Boolean).map(Number)];
};

/** Traces the server and PostgreSQL into one file, in the order of the calls; resolves when all are attached. */
const trace = async (log: string, server: number, postgres: readonly number[]): Promise<ChildProcess> => {
  const attach = [server, ...postgres].flatMap((pid) => ['-p', String(pid)]);
  const calls = 'trace=read,recvfrom,readv,write,writev,sendto,fsync,fdatasync';
  const tracer = spawn('strace', ['-f', '-s', '2000', '-e', calls, '-o', log, ...attach], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  for await (const chunk of tracer.stderr) {
    said += String(chunk);
    if (
      postgres.every((pid) => said.includes(`Process ${pid} attached`)) &&
      said.includes(`Process ${server} attached`)
    )
      break;
  }
  return tracer;
};
