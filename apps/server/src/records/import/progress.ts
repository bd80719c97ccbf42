/** How far an import is: rows, rate and time to go. Pure; the caller passes the clock's milliseconds. */
export type Progress = {
  readonly bytesDone: number;
  readonly bytesTotal: number;
  readonly rows: number;
  readonly elapsedMs: number;
};

const WIDTH = 24;

/** `[#####.......]  42 %  12,345 rows  8,210/s  0:14 left`. */
export const progressLine = (at: Progress): string => {
  const share = at.bytesTotal === 0 ? 1 : Math.min(1, at.bytesDone / at.bytesTotal);
  const filled = Math.floor(share * WIDTH);
  const rate = at.elapsedMs === 0 ? 0 : Math.round((at.rows * 1_000) / at.elapsedMs);
  const left = share === 0 ? null : Math.round((at.elapsedMs * (1 - share)) / share / 1_000);
  const parts = [
    `[${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}]`,
    `${String(Math.floor(share * 100)).padStart(3)} %`,
    `${at.rows.toLocaleString('en-US')} rows`,
    `${rate.toLocaleString('en-US')}/s`,
  ];
  if (left !== null && share < 1) parts.push(`${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')} left`);
  return parts.join('  ');
};
