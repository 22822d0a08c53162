import { expect } from '@open-wc/testing';
import { InvitationService } from '../../core/service/invitation-service.js';
import { DelayedSignOut } from './sign-out.js';
import { waitUntil } from '../../../test/support/wait-until.js';

describe('DelayedSignOut', () => {
  it('signs out only providers that are signed in when they leave the document, and do not come back', async () => {
    const signedOut: string[] = [];
    const leave = (name: string, ...identity: string[]): DelayedSignOut => {
      const delayed = new DelayedSignOut(new InvitationService({}), () => signedOut.push(name));
      delayed.start(identity.length ? identity : undefined);
      return delayed;
    };
    leave('signed out before');
    leave('came back', 'ann').cancel();
    leave('gone', 'ben');
    await waitUntil(() => signedOut.includes('gone'), 'signed out');
    expect(signedOut).to.deep.equal(['gone']);
  });
});
