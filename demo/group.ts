/** The page with four phones and simulated network faults. */
import { html, render, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import PhoneIncoming from 'lucide/dist/esm/icons/phone-incoming.mjs';
import PhoneOff from 'lucide/dist/esm/icons/phone-off.mjs';
import PhoneOutgoing from 'lucide/dist/esm/icons/phone-outgoing.mjs';
import { plainIcon as icon } from '../src/components/shared/icons.js';
import { callKind, chosenKind } from './call-kind.js';
import { ChaosPanel } from './chaos-panel.js';
import { PhoneBoard, type PhoneCard } from './phone-board.js';

const place = document.querySelector('#phones') as HTMLElement;
const calls = document.querySelector('#calls') as HTMLElement;
const board = new PhoneBoard({
  four: true,
  folder: '',
  update,
  onLoad: sendChaos,
  onHarm: (harm) => chaos.count(harm),
});
const chaos = new ChaosPanel(
  document.querySelector('#chaos') as HTMLElement,
  // With `local:`, there is no connection to cut.
  () => !board.settings.chosen.signaling.startsWith('local:'),
  () => board.cards.forEach(sendChaos),
);
let caller = board.cards[0] as PhoneCard;
update();

function update(): void {
  render(
    repeat(
      board.cards,
      ({ user }) => user.userID,
      (card) => board.phone(card),
    ),
    place,
  );
  render(callBar(), calls);
  chaos.update();
}

function sendChaos(card: PhoneCard): void {
  board.send(card, { type: 'chaos', harms: chaos.harms });
}

function ring(): void {
  const callees = board.cards.flatMap(({ user }) => (user === caller.user ? [] : user));
  board.send(caller, { type: 'ring', callees, callType: chosenKind(calls) });
}

function answer(): void {
  for (const card of board.cards) board.send(card, { type: 'answer' });
}

function hangUp(): void {
  for (const card of board.cards) board.send(card, { type: 'hang-up' });
}

function choose(card: PhoneCard): void {
  caller = card;
  update();
}

/** Commands for all phones. */
function callBar(): TemplateResult {
  const inCall = board.cards.filter(({ status }) => !/^(idle|ended)$/.test(status));
  const ringing = inCall.some(({ status }) => status === 'incoming');
  const name = caller.user.userName;
  return html`<header>
      <h2 id="calls-title">Calls</h2>
      ${callKind()}
    </header>
    <div class="choice" role="radiogroup" aria-label="Caller">
      ${board.cards.map(
        (card) =>
          html`<label
            ><input
              type="radio"
              name="caller"
              value=${card.user.userID}
              .checked=${card === caller}
              @change=${() => choose(card)}
            />${card.user.userName}</label
          >`,
      )}
    </div>
    <div class="actions">
      <button class="act main" ?disabled=${!caller.on || inCall.includes(caller)} @click=${ring}>
        ${icon(PhoneOutgoing)}${name} rings all
      </button>
      <button class="act" ?disabled=${!ringing} @click=${answer}>
        ${icon(PhoneIncoming)}All answer
      </button>
      <button class="act" ?disabled=${!inCall.length} @click=${hangUp}>
        ${icon(PhoneOff)}All hang up
      </button>
    </div>`;
}
