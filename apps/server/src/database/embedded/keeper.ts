import { type ChildProcess, spawn } from 'node:child_process';
import type { Account } from './account.ts';

/**
 * Ties PostgreSQL to the processes that use it. A shell that holds the reading end of a pipe from us starts (or, when
 * adopting, only watches) the postmaster; when the pipe ends, because we closed it or because we died, by whatever
 * signal, it waits until no lease names a living process and then asks for a fast shutdown. One that only watches does
 * not wait for others who use the server: each has a keeper of its own, and commands that come and go must leave nothing
 * behind. It is a shell because it must cost next to nothing and outlive us. Arguments: leases directory, pid file, pid to adopt or '', command.
 */
const KEEPER = `
leases=$1 pidfile=$2 adopted=$3
shift 3
exec 3<&0 </dev/null
running() {
  if [ -r /proc/self/stat ]; then
    read -r stat 2>/dev/null <"/proc/$1/stat" || return 1
    since=$2
    set -- \${stat##*) }
    case "$1" in Z|X) return 1 ;; esac
    [ -z "$since" ] || [ "$since" = "\${20}" ]
    return
  fi
  ps -p "$1" >/dev/null 2>&1
}
leased() {
  for lease in "$leases"/*; do
    read -r since 2>/dev/null <"$lease" && running "\${lease##*/}" "$since" && return 0
  done
  return 1
}
keep() {
  while read -r word <&3; do :; done
  [ -n "$adopted" ] && leased && return
  while leased; do
    running "$1" "" || return 0
    sleep 0.2
  done
  read -r owner <"$pidfile" && [ "$owner" = "$1" ] && kill -INT "$1"
}
if [ -n "$adopted" ]; then
  keep "$adopted"
  exit 0
fi
"$@" 3<&- &
server=$!
keep "$server" &
keeper=$!
wait "$server"
code=$?
kill "$keeper" 2>/dev/null
exit "$code"
`;

interface Kept {
  readonly account: Account;
  readonly leases: string;
  readonly pidFile: string;
  /** File descriptor that takes the server's output. */
  readonly log: number;
}

/** Starts the server under a keeper; the child's exit is the server's exit. */
export function keepNew(kept: Kept, command: readonly string[]): ChildProcess {
  return spawnKeeper(kept, '', command);
}

/** Puts a keeper of our own beside a server that another process started. */
export function keepAdopted(kept: Kept, pid: number): ChildProcess {
  return spawnKeeper(kept, String(pid), []);
}

function spawnKeeper(kept: Kept, adopted: string, command: readonly string[]): ChildProcess {
  const child = spawn('/bin/sh', ['-c', KEEPER, 'baton-keeper', kept.leases, kept.pidFile, adopted, ...command], {
    ...(kept.account.drop ?? {}),
    cwd: '/',
    // a session of its own: Ctrl-C in our terminal must reach PostgreSQL after us, not with us
    detached: true,
    stdio: ['pipe', kept.log, kept.log],
    env: { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C', TZ: 'UTC' },
  });
  child.stdin?.on('error', () => {});
  child.unref();
  (child.stdin as unknown as { unref?: () => void } | null)?.unref?.();
  return child;
}
