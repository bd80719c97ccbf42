/** Settings of the embedded server. The first three are promises (a 2xx answer means flushed), the rest is speed. */
const SETTINGS: Readonly<Record<string, string>> = {
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  listen_addresses: '',
  unix_socket_permissions: '0700',
  max_connections: '60',
  superuser_reserved_connections: '3',
  shared_buffers: '256MB',
  max_wal_size: '4GB',
  min_wal_size: '256MB',
  checkpoint_timeout: '15min',
  checkpoint_completion_target: '0.9',
  wal_compression: 'off',
  random_page_cost: '1.1',
  effective_io_concurrency: '16',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  logging_collector: 'off',
  log_line_prefix: '%m [%p] ',
  // an orphaned session must not hold row locks for ever
  idle_in_transaction_session_timeout: '10min',
};

/** Settings as `postgres -c` arguments. `overrides` come last; openDatabase still refuses a server whose promises are off. */
export function settingArguments(overrides: Readonly<Record<string, string>>, socketDir: string): string[] {
  const all = { ...SETTINGS, ...overrides, unix_socket_directories: socketDir };
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
