/** The page with two phones. */
import { html, render, type TemplateResult } from 'lit';
import ArrowLeft from 'lucide/dist/esm/icons/arrow-left.mjs';
import ArrowLeftRight from 'lucide/dist/esm/icons/arrow-left-right.mjs';
import ArrowRight from 'lucide/dist/esm/icons/arrow-right.mjs';
import { icon } from '../src/components/shared/icons.js';
import { callKind, chosenKind } from './call-kind.js';
import { PhoneBoard, type PhoneCard } from './phone-board.js';

const place = document.querySelector('#phones') as HTMLElement;
const board = new PhoneBoard({ four: false, folder: 'demo/', update });
const [alice, bob] = board.cards as readonly [PhoneCard, PhoneCard];
update();

function update(): void {
  render(html`${board.phone(alice)}${wire()}${board.phone(bob)}`, place);
}

function ring(from: PhoneCard, to: PhoneCard): void {
  board.send(from, { type: 'ring', callees: [to.user], callType: chosenKind(place) });
}

function ringBoth(): void {
  ring(alice, bob);
  ring(bob, alice);
}

/** Buttons between the phones: one calls the other, or both call each other at the same time. */
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
