import { LEAD_CREDITS } from '@baton/domain/assignment/assignment.ts';
import type { Evaluation } from '@baton/domain/policy/evaluation.ts';
import { explainEvaluation, sayValue } from '@baton/domain/policy/explain.ts';
import { makePolicyLoader } from '../../agreement/activePolicy.ts';
import { allDue } from '../../channels/sayTimes.ts';
import type { Queryable } from '../../database/queryable.ts';
import { explainContact } from '../../insight/explainContact.ts';
import { whyNotThisRep } from '../../insight/nextInTeam.ts';
import { findRep } from '../../people/reps.ts';
import { type ContactFile, findContact, readContactFile } from '../../records/contactFile.ts';
import { readHandoff } from '../../records/handoffs/readHandoff.ts';
import { type Call, type Command, CommandFailure, EXIT, type ExitCode, operand, text } from '../command.ts';
import { withDatabase } from '../session.ts';
import { shownInstant } from '../shown.ts';
import { table } from '../table.ts';

const whoIs = (file: ContactFile): string => file.name ?? file.email ?? `contact ${file.id}`;

const known = async (client: Queryable, named: string): Promise<ContactFile> => {
  const id = await findContact(client, named);
  const file = id === null ? null : await readContactFile(client, id);
  if (file === null) throw new CommandFailure('contact-unknown', `Nobody is known as "${named}".`);
  return file;
};

const contact: Command = {
  path: ['contact'],
  say: 'show one contact: facts with where each came from, handoffs, tasks, deals, stages, statuses and timeline',
  operands: [{ name: 'EMAIL', say: 'an address, a user id, an anonymous id, or contact:NUMBER', required: true }],
  options: [],
  examples: [{ run: 'baton contact ada@customer.example', say: 'the whole file' }],
  run: (call) =>
    withDatabase(call.terminal, async ({ pool }) => {
      const file = await known(pool, operand(call, 0));
      if (call.json) {
        const { state, companyFacts, ...rest } = file;
        call.terminal.out(
          JSON.stringify({ ...rest, facts: state.facts, companyFacts, touches: state.touches, signals: state.signals }),
        );
        return EXIT.ok;
      }
      tellContact(call, file);
      return EXIT.ok;
    }),
};

const tellContact = (call: Call, file: ContactFile): void => {
  const out = call.terminal.out;
  const who = (by: string): string => file.actors[by] ?? by;
  out(`${whoIs(file)}${file.company === null ? '' : `, ${file.company.name ?? file.company.domain}`}`);
  out(
    `stage ${file.stage ?? '-'}, status ${file.leadStatus ?? '-'}, owner ${file.owner ?? '-'}, ${file.events} events`,
  );
  const facts = [...Object.entries(file.state.facts), ...Object.entries(file.companyFacts ?? {})];
  const section = (
    title: string,
    header: readonly string[],
    rows: readonly (readonly (string | number | null)[])[],
  ): void => {
    if (rows.length === 0) return;
    out(`\n${title}`);
    out(table(header, rows, 70));
  };
  section(
    'Known',
    ['fact', 'value', 'says', 'since'],
    facts.map(([path, fact]) => [path, sayValue(fact.value), `${fact.source} (${fact.trust})`, shownInstant(fact.at)]),
  );
  section(
    'Handoffs',
    ['id', 'status', 'why', 'owner', 'qualified'],
    file.handoffs.map((each) => [each.id, each.status, each.reason, each.owner, shownInstant(each.qualifiedAt)]),
  );
  section(
    'Tasks',
    ['what', 'whose', 'due', 'state'],
    file.tasks.map((each) => [each.title, each.owner, shownInstant(each.dueAt), each.how ?? 'open']),
  );
  section(
    'Deals',
    ['id', 'name', 'status', 'odd'],
    file.deals.map((each) => [each.id, each.name, each.status, each.flags]),
  );
  section(
    'Stages',
    ['at', 'from', 'to', 'cause', 'by'],
    file.stages.map((each) => [shownInstant(each.at), each.from, each.to, each.cause, who(each.by)]),
  );
  section(
    'Statuses',
    ['at', 'from', 'to', 'cause', 'by'],
    file.statuses.map((each) => [shownInstant(each.at), each.from, each.to, each.cause, who(each.by)]),
  );
  section(
    'Timeline',
    ['at', 'what', 'by', ''],
    file.timeline.map((each) => [shownInstant(each.at), each.kind, who(each.by), each.say]),
  );
};

const explain: Command = {
  path: ['explain'],
  say: 'say why: why qualified, why this rep, or what a contact still lacks, and what would have changed it',
  operands: [{ name: 'WHOM', say: 'an address or id of a contact, or the number of a handoff', required: true }],
  options: [{ name: 'rep', say: 'why this rep did not get the handoff', takes: { kind: 'text', name: 'EMAIL' } }],
  examples: [
    { run: 'baton explain 512', say: 'a handoff, as it was decided' },
    { run: 'baton explain 512 --rep bo@company.example', say: 'why not Bo' },
    { run: 'baton explain ada@customer.example', say: 'a contact, as the policy in force sees them now' },
  ],
  run: (call) =>
    withDatabase(call.terminal, async ({ pool }) => {
      const named = operand(call, 0);
      if (/^\d{1,15}$/.test(named)) {
        const handoff = await readHandoff(pool, Number(named));
        const rep = text(call, 'rep');
        if (handoff !== null && rep !== undefined) return tellWhyNot(call, pool, handoff.row.id, rep);
        if (handoff !== null) return tellHandoff(call, handoff);
      }
      const file = await known(pool, named);
      const active = await makePolicyLoader().loadActivePolicy(pool);
      if (active === null)
        throw new CommandFailure('no-policy', 'No policy is in force: nobody qualifies, nobody is turned down.');
      const now = Date.now();
      const explained = explainContact(file, active.compiled, now);
      if (call.json) {
        call.terminal.out(JSON.stringify({ contact: file.id, policy: active.hash, at: now, ...explained }));
        return EXIT.ok;
      }
      const out = call.terminal.out;
      const { verdict, rule } = explained;
      out(
        rule !== null
          ? `${whoIs(file)} qualifies (${rule.intent}): ${rule.say}`
          : `${whoIs(file)} ${verdict === 'unknown' ? "can't be told yet" : 'does not qualify'} under ${active.name}.`,
      );
      for (const sentence of explained.sentences) out(`  ${sentence}`);
      const { fit, engagement } = explained.evaluation;
      out(
        `  Fit ${fit.known === fit.possible ? fit.known : `between ${fit.known} and ${fit.possible}`}, engagement ${engagement.points}.`,
      );
      if (file.state.handoff !== null) out(`  A handoff is open: baton explain ${file.state.handoff.id}`);
      tellOtherwise(call, explained.otherwise);
      return EXIT.ok;
    }),
};

const tellWhyNot = async (call: Call, client: Queryable, handoffId: number, named: string): Promise<ExitCode> => {
  const repId = await findRep(client, named);
  if (repId === null) throw new CommandFailure('rep-unknown', `There is no rep "${named}".`);
  const say = await whyNotThisRep(client, handoffId, repId);
  if (call.json) call.terminal.out(JSON.stringify({ handoff: handoffId, rep: repId, whyNot: say }));
  else call.terminal.out(say === null ? `${named} has handoff ${handoffId}.` : `Why not ${named}: ${say}.`);
  return EXIT.ok;
};

const tellOtherwise = (call: Call, otherwise: readonly { readonly if: string; readonly then: string }[]): void => {
  if (otherwise.length === 0) return;
  call.terminal.out('What would have changed it:');
  for (const each of otherwise) call.terminal.out(`  if ${each.if}: ${each.then}`);
};

/** Credits of a ledger as leads: 0.667 is two thirds of one. */
const inLeads = (credits: unknown): string => (Number(credits) / Number(LEAD_CREDITS)).toFixed(3);

const tellHandoff = (call: Call, handoff: NonNullable<Awaited<ReturnType<typeof readHandoff>>>): ExitCode => {
  if (call.json) {
    const { row, policy, decision, assignment } = handoff;
    call.terminal.out(JSON.stringify({ handoff: row, policy, decision, assignment, reps: handoff.reps }));
    return EXIT.ok;
  }
  const { row, decision, assignment } = handoff;
  const out = call.terminal.out;
  out(
    `Handoff ${row.id} of ${row.contact.name ?? row.contact.email ?? `contact ${row.contact.id}`}: ${row.status}, ${row.intent}`,
  );
  out(`Why qualified: ${row.why}`);
  const evaluation = decision?.trace?.evaluation ?? null;
  if (decision !== null && evaluation !== null)
    for (const sentence of explainEvaluation(evaluation as Evaluation, Date.parse(decision.at))) out(`  ${sentence}`);
  out(`Why ${row.owner?.name ?? `queue ${row.queue}`}: ${assignment?.say ?? row.whyOwner ?? 'as decided'}`);
  const step = assignment?.step;
  if (step) {
    out(
      table(
        ['rep', 'weight', 'leads owed before', 'share of this one', 'owed after'],
        step.lines.map((line) => [
          handoff.reps[String(line.repId)] ?? line.repId,
          line.weight,
          inLeads(line.before),
          inLeads(line.accrued),
          inLeads(line.after),
        ]),
      ),
    );
    for (const excluded of step.excluded)
      out(`  not ${handoff.reps[String(excluded.repId)] ?? excluded.repId}: ${excluded.say}`);
  }
  for (const { label, at } of allDue(row)) out(`${label} ${shownInstant(at)}`);
  tellOtherwise(call, decision?.trace?.otherwise ?? []);
  out(
    `Decided ${decision === null ? '' : `${decision.at} `}by ${handoff.policy.name ?? 'policy'} ${handoff.policy.hash.slice(0, 12)}.`,
  );
  return EXIT.ok;
};

export const contactCommands: readonly Command[] = [contact, explain];
