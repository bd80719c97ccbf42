import { useMay } from '../access/useMe.ts';

/** Before the first team: what one is for, and how it comes to be. */
export const NoTeams = () => {
  const mayEdit = useMay('team.edit');
  return (
    <main className="max-w-text px-6 py-12">
      <h2 className="text-title font-semibold">There is no team yet.</h2>
      <p className="mt-2 text-reading text-text2">
        Leads go round a team in turn, by the weight of each member. Here you see who is next and why, who is away and
        who covers, and that nobody gets more than their share.
      </p>
      {mayEdit ? (
        <p className="mt-4 text-base">
          Make one where Baton runs: <code className="font-mono text-dense">baton team add inbound</code>, then{' '}
          <code className="font-mono text-dense">baton rep add</code> for each rep.
        </p>
      ) : (
        <p className="mt-4 text-base">An admin or a sales manager can make one.</p>
      )}
    </main>
  );
};
