import assert from 'node:assert/strict';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Consumer, root } from './consumer.js';
import { makeGlobal, windows } from './windows.js';

const tags = [
  'start-call-button',
  'invite-to-call-button',
  'missed-call-list',
  'call-history',
  'call-settings',
  'incoming-call-dialog',
  'outgoing-call-dialog',
  'ongoing-call-view',
];

const mounts = `
  await import('ringkit/define');
  const { createMemoryNetwork } = await import('ringkit/transports/memory');
  const provider = document.createElement('call-invitation-provider');
  provider.userID = 'alice';
  provider.transport = createMemoryNetwork().transport();
  for (const tag of ${JSON.stringify(tags)}) provider.append(document.createElement(tag));
  document.body.append(provider);
  await provider.updateComplete;
  for (const element of provider.children) await element.updateComplete;
  console.log([...provider.children].filter((element) => element.shadowRoot).length);
  await new Promise((resolve) => {
    provider.service.$connection.subscribe((connection) => connection === 'connected' && resolve());
  });
  provider.remove();
  // The provider leaves its place after a second: nothing of that may fail either.
  await new Promise((resolve) => provider.service.$connection.subscribe((connection) => connection === 'offline' && resolve()));
  console.log('unmounted');
  process.exit();
`;

const rings = `
  await import('ringkit/define');
  const { fakeCalls, whenCall } = await import('ringkit/testing');
  const calls = fakeCalls();
  const bob = calls.user('bob', 'Bob');
  document.body.innerHTML =
    '<call-invitation-provider user-id="alice" signaling="wss://calls.example.org">' +
    '<start-call-button callees="bob">Call Bob</start-call-button></call-invitation-provider>';
  const provider = document.querySelector('call-invitation-provider');
  const { service } = provider;
  const heard = [];
  provider.addEventListener('incoming-call-received', ({ caller }) => heard.push(caller.userName));
  await new Promise((resolve) => service.$connection.subscribe((connection) => connection === 'connected' && resolve()));

  document.querySelector('start-call-button').click();
  await whenCall(bob, 'incoming');
  await bob.decline();
  console.log((await whenCall(service, 'ended')).endReason);

  await bob.send({ invitees: ['alice'], callType: 'video' });
  await whenCall(service, 'incoming');
  const shown = async () => {
    await provider.updateComplete;
    return provider.shadowRoot.querySelector('incoming-call-dialog') ?? new Promise((resolve) => setTimeout(resolve)).then(shown);
  };
  const dialog = await shown();
  await dialog.updateComplete;
  const accept = dialog.shadowRoot.querySelector('[part~=accept-button]');
  accept.focus();
  accept.click();
  await Promise.all([whenCall(service, 'active'), whenCall(bob, 'active')]);
  console.log('active', heard.join());
  await service.hangUp();
  console.log((await whenCall(bob, 'ended')).endReason);
  await calls.restore();
  console.log(bob.$connection.get());
  process.exit();
`;

describe('the elements in simulated browsers', () => {
  let consumer: Consumer;
  before(async () => {
    consumer = await Consumer.install('ringkit');
    for (const name of Object.keys(windows))
      await symlink(join(root, 'node_modules', name), consumer.installed(name));
  });
  after(() => consumer.remove());

  for (const [name, window] of Object.entries(windows)) {
    it(`mount and unmount in ${name} without a fault`, async () => {
      const result = await consumer.runModule('mounts.mjs', window + makeGlobal + mounts);
      assert.deepEqual(result, { code: 0, output: `${tags.length}\nunmounted\n` });
    });

    it(`ring in ${name} with ringkit/testing`, async () => {
      const result = await consumer.runModule('rings.mjs', window + makeGlobal + rings);
      assert.deepEqual(result, {
        code: 0,
        output: 'declined\nactive Bob\nhung-up\noffline\n',
      });
    });
  }
});
