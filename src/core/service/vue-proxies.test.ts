import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { isReactive, reactive, ref } from 'vue';
import { createCallInvitationService } from '../index.js';
import { createMemoryNetwork } from '../transports/memory.js';

const network = createMemoryNetwork();
const service = createCallInvitationService({ user: 'alice', transport: network.transport() });
const other = createCallInvitationService({ user: 'bob', transport: network.transport() });
after(() => {
  service.destroy();
  other.destroy();
});

for (const [where, held] of [
  ['a ref', () => ref(service).value],
  ['a reactive object', () => reactive({ service }).service],
] as const) {
  test(`a service in ${where} of Vue is the service itself, and sends`, async () => {
    const { callID } = await held().send({ invitees: ['bob'], callType: 'voice' });
    assert.equal(held(), service);
    assert.equal(isReactive(held()), false);
    assert.equal(held().$call.get().callID, callID);
    await held().cancel();
  });
}

test('a store in a reactive object of Vue can be read and listened to', async () => {
  const state = reactive({ call: service.$call });
  const seen: string[] = [];
  const stop = state.call.listen(({ status }) => seen.push(status));
  await service.send({ invitees: ['bob'], callType: 'voice' });
  stop();
  assert.equal(seen[0], 'calling');
  assert.equal(state.call.get().callID, service.$call.get().callID);
});
