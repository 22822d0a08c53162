import type { Page } from '@playwright/test';
import type { MissedCallEntry } from '../src/core/ports/missed-calls.js';
import type { CallConfig } from '../src/core/service/types.js';

/** A staged list of missed calls, or the offer of notifications. */
export interface MissedScene {
  readonly name: string;
  readonly tag: 'missed-call-list' | 'notification-offer';
  readonly empty?: boolean;
  /** This user is in a call. */
  readonly busy?: boolean;
  readonly config?: CallConfig['missedCall'];
}

export const missedScenes: readonly MissedScene[] = [
  { name: 'missed-list', tag: 'missed-call-list' },
  { name: 'missed-empty', tag: 'missed-call-list', empty: true },
  { name: 'missed-busy', tag: 'missed-call-list', busy: true },
  { name: 'missed-no-dial-back', tag: 'missed-call-list', config: { enableDialBack: false } },
  { name: 'missed-offer', tag: 'notification-offer' },
];

/** Shows a scene with the built elements in a page without a provider. A fake provider answers their context request. */
export async function stageMissedCalls(page: Page, scene: MissedScene): Promise<void> {
  await page.evaluate(showMissedCalls, scene);
  await page.locator(`${scene.tag} section`).waitFor();
  await page.mouse.move(1, 1);
}

/** Runs in the page. */
function showMissedCalls({ tag, empty, busy, config }: MissedScene): void {
  const ann = { userID: 'ann', userName: 'Ann Berg' };
  const people = {
    amara: { userID: 'amara.kone', userName: 'Amara Koné' },
    ben: { userID: 'ben.ortiz', userName: 'Ben Ortiz' },
    chen: { userID: 'chen.li', userName: '李晨' },
    eko: { userID: 'eko', userName: 'Eko Saputra-Wijayakusuma van den Heuvel' },
    fatima: { userID: 'fatima', userName: 'فاطمة الزهراء' },
    gus: { userID: 'gus', userName: 'Gus van Dam' },
  };
  const { amara, ben, chen, eko, fatima, gus } = people;
  const minutes = 60_000;
  const days = 24 * 60 * minutes;
  let number = 0;
  const missed = (ago: number, more: Partial<MissedCallEntry>): MissedCallEntry => ({
    ...{ callID: `${++number}`, caller: amara, callType: 'voice', callees: [ann] },
    ...{ customData: '', at: Date.now() - ago, reason: 'timeout', seen: true, ...more },
  });
  const calls = [
    missed(5.5 * minutes, { callType: 'video', seen: false }),
    missed(190 * minutes, {
      ...{ caller: ben, callees: [ann, chen, gus, fatima, eko], seen: false, reason: 'busy' },
    }),
    missed(1.2 * days, { caller: eko, reason: 'canceled' }),
    missed(3 * days, { caller: fatima }),
    missed(40 * days, { caller: chen, callType: 'video', callees: [ann, gus] }),
  ];

  const store = <T>(value: T) => ({ get: () => value, listen: () => () => {} });
  const host = {
    element: document.body,
    service: {
      user: ann,
      $call: store({ status: busy ? 'active' : 'idle', members: [] }),
      $connection: store('connected'),
      $missedCalls: store(empty ? [] : calls),
      listen: () => () => {},
      report: () => {},
    },
    config: () => ({ missedCall: config }),
    texts: () => null,
    canTakeCalls: true,
    faults: new Map(),
  };
  document.body.addEventListener('context-request', (event) => {
    (event as Event & { callback: (value: typeof host) => void }).callback(host);
  });
  const element = document.createElement(tag);
  if (tag === 'notification-offer') element.toggleAttribute('in-layer', true);
  else Object.assign(element.style, { maxInlineSize: '400px', marginBlockStart: '16px' });
  document.body.append(element);
}
