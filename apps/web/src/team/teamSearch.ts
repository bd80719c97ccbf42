/** What the address says of the team's page. */
export type TeamSearch = {
  readonly team?: string | undefined;
  readonly intent?: string | undefined;
  /** The rep whose panel is open. */
  readonly rep?: number | undefined;
  /** The next leads are played. */
  readonly simulate?: boolean | undefined;
};

const textOf = (given: unknown, max: number): string | undefined =>
  given === undefined || given === null || given === '' ? undefined : String(given).slice(0, max);

/** Reads the address; what it doesn't understand it leaves out. A rep goes before a simulation: one panel is open. */
export const readTeamSearch = (given: Record<string, unknown>): TeamSearch => {
  const rep = Number(given['rep']);
  const known = Number.isSafeInteger(rep) && rep > 0 ? rep : undefined;
  return {
    team: textOf(given['team'], 60),
    intent: textOf(given['intent'], 60),
    rep: known,
    simulate: given['simulate'] === true && known === undefined ? true : undefined,
  };
};
