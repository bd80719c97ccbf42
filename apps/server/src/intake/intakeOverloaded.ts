/** Too much waits already: nothing of the batch was taken. HTTP answers 503 with Retry-After. */
export class IntakeOverloaded extends Error {
  readonly retryAfterSeconds: number;

  constructor(waiting: number, limit: number) {
    super(`intake is overloaded: ${waiting} events wait, the limit is ${limit}; send them again later`);
    this.name = 'IntakeOverloaded';
    this.retryAfterSeconds = 1;
  }
}
