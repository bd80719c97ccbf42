/**
 * A program for tests: holds the embedded server of a data directory open until its standard input ends.
 * Arguments: data directory, system place. Prints one JSON line when the server is up, or with the refusal.
 */
import { Refusal } from '../refusal.ts';
import { startEmbedded } from './embeddedPostgres.ts';

const [dataDir = '', systemPlace = ''] = process.argv.slice(2);

try {
  const server = await startEmbedded({ dataDir, systemPlace, say: (line) => process.stderr.write(`${line}\n`) });
  const { place, binaries, socketDir, adopted } = server;
  process.stdout.write(
    `${JSON.stringify({ pid: server.pid(), socketDir, adopted, cluster: place.cluster, moved: place.moved, bin: binaries.bin })}\n`,
  );
  process.stdin.resume();
  process.stdin.once('end', () => {
    void server.stop();
  });
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  process.stdout.write(`${JSON.stringify({ code: error.code, message: error.message })}\n`);
}
