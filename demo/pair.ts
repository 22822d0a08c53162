/** The page with two phones. */
import { html, render, type TemplateResult } from 'lit';
import ArrowLeft from 'lucide/dist/esm/icons/arrow-left.mjs';
import ArrowLeftRight from 'lucide/dist/esm/icons/arrow-left-right.mjs';
import ArrowRight from 'lucide/dist/esm/icons/arrow-right.mjs';
import { plainIcon as icon } from '../src/components/shared/icons.js';
import { callKind, chosenKind } from './call-kind.js';
import { addCopyButton } from './copy-button.js';
import { LogDrawer } from './log-drawer.js';
import { hasServer } from './page-options.js';
import { PhoneBoard, type PhoneCard } from './phone-board.js';

const find = (selector: string): HTMLElement => document.querySelector(selector) as HTMLElement;

const place = find('#phones');
const drawer = new LogDrawer(find('#open-log') as HTMLButtonElement, find('#log'));
const board = new PhoneBoard({
  ...{ four: false, folder: 'demo/', update },
  onCallback: () => drawer.count(),
});
const [alice, bob] = board.cards as readonly [PhoneCard, PhoneCard];
// On the documentation site, no signalling server serves this page.
find('.docs').hidden = hasServer;
find('.docs-command').hidden = !hasServer;
for (const snippet of document.querySelectorAll<HTMLElement>('[data-copy]')) addCopyButton(snippet);
update();

function update(): void {
  render(html`${wire()}${board.phone(alice)}${board.phone(bob)}`, place);
}

function ring(from: PhoneCard, to: PhoneCard): void {
  board.send(from, { type: 'ring', callees: [to.user], callType: chosenKind(place) });
}

function ringBoth(): void {
  ring(alice, bob);
  ring(bob, alice);
}

/** Buttons above the phones: one calls the other, or both call each other at the same time. */
function wire(): TemplateResult {
  const idle = !alice.on || !bob.on;
  return html`<div class="wire" role="group" aria-label="Place calls">
    ${callKind()}
    <button class="act" ?disabled=${!alice.on} @click=${() => ring(alice, bob)}>
      <span class="unseen">Alice calls Bob</span>
      <span aria-hidden="true">Alice</span>${icon(ArrowRight)}<span aria-hidden="true">Bob</span>
    </button>
    <button class="act" ?disabled=${!bob.on} @click=${() => ring(bob, alice)}>
      <span class="unseen">Bob calls Alice</span>
      <span aria-hidden="true">Alice</span>${icon(ArrowLeft)}<span aria-hidden="true">Bob</span>
    </button>
    <button class="act main" ?disabled=${idle} @click=${ringBoth}>
      ${icon(ArrowLeftRight)}Both at once
    </button>
  </div>`;
}
