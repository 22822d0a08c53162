import type { Person } from './person.js';

interface Restarts {
  /** When `online` was fired last, by the monotonic clock of the page. */
  onlineAt: number;
  /** When a description with new ICE credentials was set, after the first one of each connection. */
  readonly at: number[];
}

/** Records when ICE is restarted. Runs in the page. */
export function recordRestarts(): void {
  const restarts: Restarts = { onlineAt: 0, at: [] };
  Object.assign(window, { restarts });
  window.addEventListener('online', () => (restarts.onlineAt = performance.now()), true);
  const ufragOf = (description: RTCSessionDescription | null): string | undefined =>
    /a=ice-ufrag:(\S+)/.exec(description?.sdp ?? '')?.[1];
  const Connection = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Connection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      let last: string | undefined;
      this.addEventListener('signalingstatechange', () => {
        const ufrag = ufragOf(this.localDescription);
        if (this.signalingState !== 'stable' || ufrag === last) return;
        if (last !== undefined) restarts.at.push(performance.now());
        last = ufrag;
      });
    }
  };
}

const restartsOf = ({ page }: Person): Promise<Restarts> =>
  page.evaluate(() => (window as never as { restarts: Restarts }).restarts);

/** Number of restarts of ICE so far. */
export const restartCount = async (person: Person): Promise<number> =>
  (await restartsOf(person)).at.length;

/** Whether a restart was complete since the network came back. */
export async function hasRestartedOnline(person: Person): Promise<boolean> {
  const { at, onlineAt } = await restartsOf(person);
  return onlineAt > 0 && at.some((time) => time >= onlineAt);
}
