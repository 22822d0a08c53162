import { Component, CUSTOM_ELEMENTS_SCHEMA, signal } from '@angular/core';
import type { InvitationEvents } from 'ringkit/core';

@Component({
  selector: 'app-root',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <call-invitation-provider
      [userID]="me"
      signaling="ws://localhost:8787"
      [invitationEvents]="events"
    >
      <h1>You are {{ me }}</h1>
      <start-call-button [callees]="[other]" call-type="video">Call {{ other }}</start-call-button>
      <output>{{ status() }}</output>
    </call-invitation-provider>
  `,
})
export class Calls {
  readonly me = location.search.slice(1) || 'alice';
  readonly other = this.me === 'alice' ? 'bob' : 'alice';
  readonly status = signal('idle');
  readonly events: InvitationEvents = {
    onCallStateChanged: (call) => this.status.set(call.status),
  };
}
