-- What the channels remember: who is who in Slack, which messages stand there, who wants no mail, how each channel fares.

-- When the notice can be read by others: places in (tx, key) are safe against what commits late, as in feed.
alter table notification add column tx xid8 not null default pg_current_xact_id();

-- Found once by address. dm: the conversation with the rep.
create table slack_link (
  rep_id bigint primary key references rep,
  user_id text collate "C" not null unique,
  dm text collate "C" not null,
  linked_at bigint not null default now_ms()
);

-- Messages that stand in Slack and are rewritten as the handoff goes on. shown_at: up to when what happened is in it.
-- done_at: it has become the record and changes no more.
create table slack_message (
  channel text collate "C" not null,
  ts text collate "C" not null,
  handoff_id bigint not null,
  rep_id bigint,
  delivery_id bigint not null,
  subject text not null,
  body text not null,
  shown_at bigint not null,
  next_at bigint not null default 0,
  failures int not null default 0,
  done_at bigint,
  primary key (channel, ts)
);
create unique index slack_message_delivery on slack_message (delivery_id);
create index slack_message_open on slack_message (handoff_id) where done_at is null;

-- A rep who wants no notices by this channel; they stay in the app.
create table channel_off (
  rep_id bigint not null references rep,
  channel text not null,
  at bigint not null default now_ms(),
  primary key (rep_id, channel)
);

create table channel_status (
  channel text primary key,
  last_success_at bigint,
  last_error_at bigint,
  last_error text
);

-- Texts that the company wrote for what Baton says by itself; a name without a row says the built-in one.
create table message_template (
  name text primary key,
  subject text not null,
  body text not null,
  updated_at bigint not null default now_ms(),
  updated_by text not null
);

-- The digest of a team's day is made once, by whichever node comes first.
create table digest_made (
  team_id text not null references team on delete cascade,
  day text not null,
  made_at bigint not null default now_ms(),
  primary key (team_id, day)
);
