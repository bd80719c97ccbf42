import { benchAssignment } from './assignment.ts';
import { benchCore } from './core.ts';
import { benchIntake } from './intake.ts';
import { benchIntakeFlat } from './intakeFlat.ts';
import { benchLive } from './live.ts';
import { benchOutbox } from './outbox.ts';
import type { Bench } from './row.ts';
import { benchDecide, benchLedger } from './stream.ts';
import { benchTimers } from './timers.ts';

/** Every benchmark by the name that `npm run bench -- NAME` takes. */
export const BENCHES: { readonly [name: string]: Bench } = {
  core: benchCore,
  decide: benchDecide,
  ledger: benchLedger,
  intake: benchIntake,
  'intake-flat': benchIntakeFlat,
  assignment: benchAssignment,
  timers: benchTimers,
  outbox: benchOutbox,
  live: benchLive,
};
