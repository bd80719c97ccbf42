import type { DeliveryChannel } from './sender.ts';

/** How much may be under way at once on one node. */
export type LaneLimits = {
  /** To one destination; a failing one gets one attempt at a time. */
  readonly lane: number;
  /** By one channel, so that a mail server that hangs leaves the others their room. */
  readonly channel: number;
  /** To all destinations together that failed the last time. */
  readonly failing: number;
};

export const LANE_LIMITS: LaneLimits = { lane: 4, channel: 32, failing: 8 };

/** For what no attempt is made for, so that many are dealt with at once. */
export const UNSET_LIMITS: LaneLimits = { lane: 250, channel: 500, failing: 500 };

type Held = { readonly destination: string; readonly channel: DeliveryChannel; readonly failing: boolean };

/** Counts what is under way, so that a destination that hangs holds its own places and nobody else's. */
export class Lanes {
  readonly #limits: LaneLimits;
  readonly #channels: readonly DeliveryChannel[];
  readonly #byDestination = new Map<string, number>();
  readonly #byChannel = new Map<DeliveryChannel, number>();
  #failing = 0;

  constructor(channels: readonly DeliveryChannel[], limits: LaneLimits = LANE_LIMITS) {
    this.#channels = channels;
    this.#limits = limits;
  }

  take({ destination, channel, failing }: Held): void {
    this.#byDestination.set(destination, (this.#byDestination.get(destination) ?? 0) + 1);
    this.#byChannel.set(channel, (this.#byChannel.get(channel) ?? 0) + 1);
    if (failing) this.#failing += 1;
  }

  giveBack({ destination, channel, failing }: Held): void {
    const left = (this.#byDestination.get(destination) ?? 1) - 1;
    if (left === 0) this.#byDestination.delete(destination);
    else this.#byDestination.set(destination, left);
    this.#byChannel.set(channel, (this.#byChannel.get(channel) ?? 1) - 1);
    if (failing) this.#failing -= 1;
  }

  /** What may be taken now: places left by channel, for failing destinations, and what each busy destination holds. */
  room(): {
    readonly channels: readonly (readonly [channel: DeliveryChannel, free: number])[];
    readonly failing: number;
    readonly lane: number;
    readonly busy: readonly (readonly [destination: string, held: number])[];
  } {
    return {
      channels: this.#channels.map((channel) => [
        channel,
        Math.max(0, this.#limits.channel - (this.#byChannel.get(channel) ?? 0)),
      ]),
      failing: Math.max(0, this.#limits.failing - this.#failing),
      lane: this.#limits.lane,
      busy: [...this.#byDestination],
    };
  }
}
