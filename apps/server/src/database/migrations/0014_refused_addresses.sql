-- Addresses whose own server said, in a report that came back for a mail of ours, that nobody is there. Nothing is mailed to
-- them until somebody says so. address: in lower case; said: what the report says.
create table refused_address (
  address text collate "C" primary key,
  delivery_id bigint not null,
  at bigint not null default now_ms(),
  said text not null
);
