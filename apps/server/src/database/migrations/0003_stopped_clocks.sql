-- How a handoff's promises ended, for its row and its page. Partial, so that starting a clock costs nothing more.
create index handoff_clock_stopped on handoff_clock (handoff_id) where stopped_at is not null;
