-- What a key is called and may do. scopes: space-separated; a write key has `events:write` and nothing else.
alter table api_key add column name text not null default '';
alter table api_key add column scopes text not null default 'events:write';

-- Answers kept for requests that carry an Idempotency-Key: the same request again gets the same answer, another one a 409.
-- status null: the first request is still at work.
create table idempotency_key (
  actor text collate "C" not null,
  key text collate "C" not null,
  request_hash bytea not null,
  status int,
  body text,
  created_at bigint not null default now_ms(),
  primary key (actor, key)
);
create index idempotency_key_age on idempotency_key (created_at);
