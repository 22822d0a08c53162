import type { Page } from '@playwright/test';
import type { CallHistoryEntry, CallHistoryState } from '../src/core/ports/call-history.js';
import type { MissedCallEntry } from '../src/core/ports/missed-calls.js';
import type { CallHost } from '../src/components/shared/context.js';
import type { CallConfig } from '../src/core/service/call-config.js';

/** A staged list of missed calls or of all calls, or the offer of notifications. */
export interface MissedScene {
  readonly name: string;
  readonly tag: 'missed-call-list' | 'call-history' | 'notification-offer';
  /** The state of the call history. */
  readonly history?: CallHistoryState;
  readonly empty?: boolean;
  /** All details of rows are shown. */
  readonly expanded?: boolean;
  /** All calls are dismissed, which can be undone. */
  readonly dismissed?: boolean;
  /** This user is in a call. */
  readonly busy?: boolean;
  readonly config?: CallConfig['missedCall'];
}

export const missedScenes: readonly MissedScene[] = [
  { name: 'missed-list', tag: 'missed-call-list' },
  { name: 'missed-expanded', tag: 'missed-call-list', expanded: true },
  { name: 'missed-dismissed', tag: 'missed-call-list', dismissed: true },
  { name: 'missed-empty', tag: 'missed-call-list', empty: true },
  { name: 'missed-busy', tag: 'missed-call-list', busy: true },
  { name: 'missed-no-dial-back', tag: 'missed-call-list', config: { enableDialBack: false } },
  { name: 'missed-offer', tag: 'notification-offer' },
  { name: 'history-list', tag: 'call-history' },
  { name: 'history-busy', tag: 'call-history', busy: true },
  { name: 'history-empty', tag: 'call-history', empty: true },
  { name: 'history-failed', tag: 'call-history', history: 'failed' },
  { name: 'history-loading', tag: 'call-history', empty: true, history: 'loading' },
];

/** Shows a scene with the built elements in a page without a provider. A fake provider answers their context request. */
export async function stageMissedCalls(page: Page, scene: MissedScene): Promise<void> {
  await page.evaluate(showMissedCalls, scene);
  await page.locator(`${scene.tag} section`).waitFor();
  const closed = page.getByRole('button', { expanded: false });
  // The ones that are open no longer match.
  while (scene.expanded && (await closed.count())) await closed.first().click();
  if (scene.dismissed) await page.locator('[part=dismiss-all-button]').click();
  await page.mouse.move(1, 1);
}

/** Runs in the page. */
function showMissedCalls({ tag, empty, busy, config, history = 'ready' }: MissedScene): void {
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
    ...[25, 26, 27].map((hours) =>
      missed(hours * 60 * minutes, { caller: eko, reason: 'canceled' }),
    ),
    missed(3 * days, { caller: fatima }),
    missed(40 * days, { caller: chen, callType: 'video', callees: [ann, gus] }),
  ];

  const called = (ago: number, more: Partial<CallHistoryEntry>): CallHistoryEntry => ({
    ...{ callID: `${++number}`, direction: 'incoming', callType: 'voice', group: false },
    ...{ caller: amara, callees: [ann], at: Date.now() - ago, outcome: 'timeout', missed: false },
    ...more,
  });
  const answered = { outcome: 'answered', durationMs: 754_000 } as const;
  const entries = [
    called(5.5 * minutes, { callType: 'video', missed: true }),
    called(9 * minutes, { direction: 'outgoing', caller: ann, callees: [amara] }),
    called(1 * days, { ...answered, caller: ben, callees: [ann, chen, gus, fatima], group: true }),
    called(1 * days + 5 * minutes, { caller: eko, outcome: 'busy', missed: true }),
    called(1.2 * days, { caller: fatima, ...answered, callType: 'video', durationMs: 4_054_000 }),
    called(40 * days, { caller: chen, outcome: 'declined' }),
  ];

  const store = <T>(value: T) => ({ get: () => value, listen: () => () => {} });
  const host: Omit<CallHost, 'service'> & { readonly service: object } = {
    element: document.body,
    service: {
      user: ann,
      $call: store({ status: busy ? 'active' : 'idle', members: [] }),
      $connection: store('connected'),
      $missedCalls: store(empty ? [] : calls),
      $callHistory: store(empty ? [] : entries),
      $callHistoryState: store(history),
      listen: () => () => {},
      report: () => {},
    },
    config: () => (config ? { missedCall: config } : {}),
    texts: () => null,
    avatarFor: () => undefined,
    ringer: () => undefined,
    canTakeCalls: true,
  };
  document.body.addEventListener('context-request', (event) => {
    (event as Event & { callback: (value: typeof host) => void }).callback(host);
  });
  const element = document.createElement(tag);
  if (tag === 'notification-offer') element.toggleAttribute('in-layer', true);
  else Object.assign(element.style, { maxInlineSize: '400px', marginBlockStart: '16px' });
  document.body.append(element);
}
