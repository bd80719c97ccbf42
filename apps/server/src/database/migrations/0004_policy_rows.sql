-- Who still has to be looked at since a policy came into force: asked by each intake until nobody is left, then not again.
create index reevaluation_policy on reevaluation (contact_id) where cause = 'policy';
