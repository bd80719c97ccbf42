-- Acts of people while they can be taken back: what there was before (JSON, the core's UndoableAct). Emptied by the hour.
create table act_undo (
  decision_id bigint primary key,
  contact_id bigint not null,
  recorded_at bigint not null,
  act text not null
);
create index act_undo_contact on act_undo (contact_id, recorded_at);

-- Who closed a task, which the second of two learns, and by which decision, which undoing it opens again.
alter table task add column closed_by text;
alter table task add column closed_decision_id bigint;
