-- What `manual.at-most` counts. Partial, so that what policy decides by itself is in no further index.
create index decision_fast_track on decision (at) where input like '{"kind":"fast-tracked"%' and by not like '{"kind":"rep"%';
