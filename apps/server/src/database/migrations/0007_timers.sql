-- When time must look at a running clock next: at a step of its ladder, at the latest when it is due. The runner asks for
-- the smallest of them alone, so a million clocks that wait cost it nothing.
alter table handoff_clock add column next_at bigint;
-- When it was decided that it stopped: `stopped_at` is the instant that counts, which a late log dates back.
alter table handoff_clock add column stop_decided_at bigint;
update handoff_clock set next_at = due_at, stop_decided_at = stopped_at;
alter table handoff_clock alter column next_at set not null;
create index handoff_clock_next on handoff_clock (next_at) where stopped_at is null;

-- Each step that a clock fired, once: the key holds it. planned_at: when it was to be, fired_at: when it was.
create table clock_step (
  handoff_id bigint not null,
  clock_id bigint not null,
  step int not null check (step > 0),
  act text not null,
  planned_at bigint not null,
  fired_at bigint not null,
  decision_id bigint not null,
  primary key (clock_id, step)
);
create index clock_step_handoff on clock_step (handoff_id);

-- Clocks that came due and could not be decided: our bug, or rows that lie. Tried again at retry_at; gone once it fired.
create table clock_fault (
  clock_id bigint primary key,
  handoff_id bigint not null,
  contact_id bigint not null,
  kind text not null,
  first_at bigint not null,
  last_at bigint not null,
  attempts int not null default 1,
  retry_at bigint not null,
  error text not null
);

-- Who serves this company now. A node that does not beat loses its row and its leases, and begins again under a new id.
create table node (
  id text primary key,
  name text not null,
  version text not null,
  started_at bigint not null default now_ms(),
  beat_at bigint not null default now_ms()
);

-- A deal has its close date as its clock.
alter table handoff_clock drop constraint handoff_clock_kind_check;
alter table handoff_clock add constraint handoff_clock_kind_check
  check (kind in ('accept', 'response', 'next-step', 'outcome', 'return', 'close'));
