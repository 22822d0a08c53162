import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { Message } from '../../src/core/protocol/messages.js';
import { BACKENDS, type ServerFixture } from '../support/attack-fixture.js';
import { callWith } from '../support/attacked-call.js';
import type { HonestPerson } from '../support/honest-person.js';
import { CARRIER_TYPES, CARRIERS, type LyingClient } from '../support/lying-client.js';
import { createMessage } from '../support/wire-client.js';

/*
 * Only the acknowledgement of an invitation reveals who is connected, and only to users who may call them.
 */

const TYPES = [...CARRIER_TYPES.filter((type) => type !== 'invite'), 'seen'] as const;
type Type = (typeof TYPES)[number];

const message = (type: Type, callID: string, to: string): Message =>
  type === 'seen'
    ? createMessage('seen', callID, [to], { callIDs: [callID] })
    : CARRIERS[type]({ callID, to: [to], records: [], subject: to });

const OFFLINE_USER = 'nobody';

/** The acknowledgement of a message to a user, with the user's name replaced. */
async function answerTo(
  liar: LyingClient,
  to: string,
  given: Message,
  more: object = {},
): Promise<string> {
  const answer = await liar.send({ ...given, ...more });
  return JSON.stringify(answer).replaceAll(JSON.stringify(to), '"somebody"');
}

for (const [backend, options, open] of BACKENDS) {
  describe(`whether a user is connected, with a server ${backend}`, options, () => {
    let fixture: ServerFixture;
    afterEach(() => fixture.close());

    for (const type of TYPES) {
      it(`is not revealed to a stranger by the acknowledgement of a message of type ${type}`, async () => {
        fixture = await open();
        const { bob, mallory, callID } = await callWith('was never invited', fixture);
        for (const call of ['unknown', callID]) {
          for (const toDevice of [undefined, bob.device]) {
            const more = toDevice === undefined ? {} : { toDevice };
            const [answersWhileConnected, absent] = [
              await answerTo(mallory, 'bob', message(type, call, 'bob'), more),
              await answerTo(mallory, OFFLINE_USER, message(type, call, OFFLINE_USER), more),
            ];
            assert.equal(answersWhileConnected, absent);
          }
        }
      });
    }

    /** Ways in which an earlier call of Bob may have ended. */
    const ends: readonly (readonly [
      string,
      (call: { bob: HonestPerson; mallory: LyingClient; callID: string }) => Promise<unknown>,
    ])[] = [
      ['was cancelled', ({ bob }) => bob.service.cancel()],
      ['was declined', ({ mallory, callID }) => mallory.declines(callID, ['bob'])],
      [
        'was answered',
        async ({ bob, mallory, callID }) => {
          await mallory.accepts(callID, ['bob']);
          await bob.service.hangUp();
        },
      ],
    ];
    for (const [how, end] of ends) {
      it(`is not revealed to a blocked user through a call that ${how}, and no message is delivered`, async () => {
        const mayCall = (from: string, to: string) => !(from === 'mallory' && to === 'bob');
        /** The acknowledgements that Mallory gets after the call, while Bob is connected or not. */
        const answersWhile = async (isThere: boolean): Promise<string[]> => {
          fixture = await open({ mayCall });
          const [bob, mallory] = [await fixture.person('bob'), await fixture.liar('mallory')];
          const { device, transport } = bob;
          const callID = await bob.rings('mallory');
          await mallory.receivesType('invite', callID);
          await end({ bob, mallory, callID });
          await bob.is('ended');
          await fixture.settle();
          if (!isThere) await fixture.closePage(bob);
          const start = transport.received.length;
          const answers: string[] = [];
          for (const type of TYPES) {
            for (const more of [{}, { toDevice: device }]) {
              const answer = await answerTo(mallory, 'bob', message(type, callID, 'bob'), more);
              answers.push(`${type} ${answer}`);
            }
          }
          await fixture.settle();
          const senders = transport.received
            .slice(start)
            .map(({ from }) => (from as { userID: string }).userID);
          assert.ok(!senders.includes('mallory'), 'a message was delivered');
          return answers;
        };
        const answersWhileConnected = await answersWhile(true);
        await fixture.close();
        assert.deepEqual(answersWhileConnected, await answersWhile(false));
      });
    }
  });
}
