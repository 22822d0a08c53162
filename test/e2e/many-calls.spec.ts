import type { Person } from './person.js';
import { expect, test } from './fixtures.js';

/* Many calls, one after the other: what each one uses is released at its end. */

/** What must not grow with the number of calls. */
interface Usage {
  readonly connections: number;
  readonly tracks: number;
  readonly streams: number;
  readonly contexts: number;
  readonly players: number;
  /** Elements of the document, including those in shadow roots. */
  readonly elements: number;
}

/** Objects that are alive in the page after garbage collection, as the debugger of the browser counts them. */
async function usageOf({ page }: Person): Promise<Usage> {
  // The end of the last call is shown for some seconds, and longer while the mouse is on it.
  await page.mouse.move(0, 0);
  const isEndShown = (): Promise<boolean> =>
    page.evaluate(() => {
      const { service } = document.querySelector('call-invitation-provider')!;
      return service.$endedCall.get() !== undefined;
    });
  await expect.poll(isEndShown, { timeout: 60_000 }).toBe(false);
  // The probe itself holds objects.
  await page.evaluate(() => {
    const { connections, tracks, screens, audio } = window.probe;
    for (const held of [connections, tracks, screens, audio]) held.length = 0;
  });
  const session = await page.context().newCDPSession(page);
  for (let time = 0; time < 3; time++) await session.send('HeapProfiler.collectGarbage');
  const count = async (type: string): Promise<number> => {
    const { result } = await session.send('Runtime.evaluate', {
      expression: `${type}.prototype`,
    });
    const { objects } = await session.send('Runtime.queryObjects', {
      prototypeObjectId: result.objectId ?? '',
    });
    const { result: length } = await session.send('Runtime.callFunctionOn', {
      objectId: objects.objectId ?? '',
      functionDeclaration: 'function () { return this.length; }',
      returnByValue: true,
    });
    return Number(length.value);
  };
  const usage = {
    connections: await count('RTCPeerConnection'),
    tracks: await count('MediaStreamTrack'),
    streams: await count('MediaStream'),
    contexts: await count('AudioContext'),
    players: await count('HTMLMediaElement'),
    elements: await page.evaluate(() => {
      const within = (root: Document | ShadowRoot): number =>
        [...root.querySelectorAll('*')].reduce(
          (sum, { shadowRoot }) => sum + 1 + (shadowRoot ? within(shadowRoot) : 0),
          0,
        );
      return within(document);
    }),
  };
  await session.detach();
  return usage;
}

test(
  '60 calls in a row leave no connection, track, context or element behind',
  { tag: '@long' },
  async ({ open }) => {
    test.setTimeout(600_000);
    const [alice, bob] = [await open('alice'), await open('bob')];
    /** Callers, call types and sides that hang up alternate. In every fourth call, a screen is shared. */
    async function call(number: number): Promise<void> {
      const [caller, callee] = number % 2 ? [alice, bob] : [bob, alice];
      await caller.send([callee.userID], { callType: number % 3 ? 'voice' : 'video' });
      await callee.is('incoming');
      await callee.press('accept-button');
      await caller.is('active');
      await callee.is('active');
      if (number % 4 === 0) await caller.press('screen-button');
      await (number % 5 ? caller : callee).press('hang-up-button');
      await Promise.all([alice, bob].map((person) => person.is('ended: hung-up')));
      await Promise.all([alice, bob].map((person) => person.releasesEverything()));
      await Promise.all([alice, bob].map((person) => person.is('idle')));
    }
    // The first calls load code, and create what is kept for later calls.
    for (let number = 0; number < 12; number++) await call(number);
    const before = await Promise.all([alice, bob].map(usageOf));
    for (let number = 0; number < 60; number++) await call(number);
    const after = await Promise.all([alice, bob].map(usageOf));
    for (const [index, usage] of after.entries())
      for (const [what, value] of Object.entries(usage))
        expect(value, `${what} of ${index ? 'bob' : 'alice'}`).toBeLessThanOrEqual(
          before[index]![what as keyof Usage] + 2,
        );
    expect(after[0]!.elements).toBe(before[0]!.elements);
  },
);
