-- People who sign in. E-mail in lower case; an address below .invalid stands for one that is not known yet. roles:
-- space-separated, in words of the table of roles. rep_id: said by hand; else the active rep with this address.
create table account (
  id text primary key,
  email text not null unique check (email = lower(email)),
  email_verified boolean not null default false,
  name text not null,
  image text,
  two_factor boolean not null default false,
  state text not null default 'active' check (state in ('invited', 'active', 'deactivated')),
  roles text not null default '',
  rep_id bigint unique references rep,
  invited_by text,
  created_at bigint not null default now_ms(),
  updated_at bigint not null default now_ms(),
  deactivated_at bigint
);

-- A way that an account signs in by: its password, or the name that a provider knows it by.
create table account_login (
  id text primary key,
  account_id text not null references account on delete cascade,
  provider text not null,
  subject text not null,
  password text,
  scope text,
  created_at bigint not null default now_ms(),
  updated_at bigint not null default now_ms(),
  unique (provider, subject)
);
create index account_login_account on account_login (account_id);

-- token_hash: SHA-256 of what the cookie holds, in hex.
create table account_session (
  id text primary key,
  account_id text not null references account on delete cascade,
  token_hash text not null unique,
  signed_in_by text not null default 'password',
  user_agent text,
  ip_address text,
  created_at bigint not null default now_ms(),
  updated_at bigint not null default now_ms(),
  seen_at bigint not null default now_ms(),
  expires_at bigint not null
);
create index account_session_account on account_session (account_id);

-- Short-lived: challenges of a second factor, of passkeys and of single sign-on.
create table account_proof (
  id text primary key,
  identifier text not null,
  value text not null,
  expires_at bigint not null,
  created_at bigint not null default now_ms(),
  updated_at bigint not null default now_ms()
);
create index account_proof_identifier on account_proof (identifier);

-- secret and recovery codes are encrypted.
create table account_totp (
  id text primary key,
  account_id text not null unique references account on delete cascade,
  secret text not null,
  recovery_codes text not null,
  verified boolean not null default true,
  failures int not null default 0,
  locked_until bigint
);
create table account_used_code (
  account_id text not null references account on delete cascade,
  code_hash bytea not null,
  used_at bigint not null default now_ms(),
  primary key (account_id, code_hash)
);

-- id: the credential's own, in base64url.
create table account_passkey (
  id text primary key,
  account_id text not null references account on delete cascade,
  name text not null,
  public_key bytea not null,
  counter bigint not null,
  transports text not null default '',
  backed_up boolean not null,
  created_at bigint not null default now_ms(),
  last_used_at bigint
);
create index account_passkey_account on account_passkey (account_id);

-- Links that set a password, once: an invitation, or a way back in.
create table account_link (
  token_hash bytea primary key,
  kind text not null check (kind in ('invitation', 'reset')),
  account_id text not null references account on delete cascade,
  made_by text not null,
  created_at bigint not null default now_ms(),
  expires_at bigint not null,
  used_at bigint
);
create index account_link_account on account_link (account_id);

-- How often somebody tried to sign in: for each account that was named and each sender, hashed, and minute of the clock.
create table sign_in_attempt (
  key_hash bytea not null,
  minute bigint not null,
  tries int not null,
  primary key (key_hash, minute)
);

-- Sessions are those of accounts from now on; who had one opens a link once more.
delete from access_session where kind = 'session';
alter table access_session add constraint access_session_is_link check (kind = 'link');

alter table api_key add column expires_at bigint;
