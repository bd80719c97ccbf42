-- How far sales had come with the handoff before the act, as its row said (JSON): the state does not tell what is kept of a
-- lead that was accepted, handed back and offered again. Null where the act opened the handoff.
alter table act_undo add column progress text;
