import { html, render, type TemplateResult } from 'lit';
import Repeat from 'lucide/dist/esm/icons/repeat-2.mjs';
import Shuffle from 'lucide/dist/esm/icons/shuffle.mjs';
import Hourglass from 'lucide/dist/esm/icons/hourglass.mjs';
import Unplug from 'lucide/dist/esm/icons/unplug.mjs';
import { plainIcon as icon } from '../src/components/shared/icons.js';
import { HARMS, readHarms, type Harm } from './chaos.js';
import { keepInAddress } from './page-address.js';

interface Words {
  readonly icon: Parameters<typeof icon>[0];
  readonly name: string;
  readonly about: string;
  /** Label of the count. */
  readonly done: string;
}

const WORDS: Readonly<Record<Harm, Words>> = {
  delay: { icon: Hourglass, name: 'Delay', about: 'each by up to 2 s', done: 'delayed' },
  repeat: { icon: Repeat, name: 'Repeat', about: 'some arrive twice', done: 'repeated' },
  reorder: { icon: Shuffle, name: 'Reorder', about: 'some arrive out of order', done: 'reordered' },
  cut: { icon: Unplug, name: 'Cut', about: 'connections, for 3 s', done: 'cut' },
};

const NAME = 'chaos';

/** Switches network faults on for all phones, chooses which ones, and shows how often each one has occurred. */
export class ChaosPanel {
  readonly #place: HTMLElement;
  readonly #changed: () => void;
  readonly #canCut: () => boolean;
  readonly #counts = new Map<Harm, number>();
  #on: boolean;
  #chosen: ReadonlySet<Harm>;

  /**
   * @param canCut whether there are connections that can be cut
   * @param changed called when {@link harms} has changed
   */
  constructor(place: HTMLElement, canCut: () => boolean, changed: () => void) {
    this.#place = place;
    this.#canCut = canCut;
    this.#changed = changed;
    const named = readHarms(new URLSearchParams(location.search).get(NAME) ?? '');
    this.#on = named.length > 0;
    this.#chosen = new Set(this.#on ? named : HARMS);
  }

  /** The faults that are active now. */
  get harms(): readonly Harm[] {
    return this.#on
      ? HARMS.filter((harm) => this.#chosen.has(harm) && (harm !== 'cut' || this.#canCut()))
      : [];
  }

  /** Counts a fault that has occurred. */
  count(harm: Harm): void {
    this.#counts.set(harm, (this.#counts.get(harm) ?? 0) + 1);
    this.update();
  }

  update(): void {
    render(this.#template(), this.#place);
  }

  #template(): TemplateResult {
    return html`<header>
        <h2 id="chaos-title">Chaos</h2>
        <p id="chaos-about">
          ${this.#on ? 'Each phone has network faults.' : 'Every message arrives immediately.'}
        </p>
        <input
          type="checkbox"
          role="switch"
          class="switch"
          aria-labelledby="chaos-title"
          aria-describedby="chaos-about"
          .checked=${this.#on}
          @change=${this.#switch}
        />
      </header>
      <div class="harms ${this.#on ? 'on' : ''}" role="group" aria-label="Kinds of faults">
        ${HARMS.map((harm) => this.#harm(harm))}
      </div>`;
  }

  #harm(harm: Harm): TemplateResult {
    const { icon: sign, name, about, done } = WORDS[harm];
    const possible = harm !== 'cut' || this.#canCut();
    const count = this.#counts.get(harm) ?? 0;
    return html`<label class="harm">
      <input
        type="checkbox"
        name=${harm}
        aria-labelledby="harm-${harm}"
        aria-describedby="about-${harm}"
        .checked=${possible && this.#chosen.has(harm)}
        ?disabled=${!possible}
        @change=${() => this.#toggle(harm)}
      />
      ${icon(sign)}
      <strong id="harm-${harm}">${name}</strong>
      <span class="about" id="about-${harm}">${possible ? about : 'only with a server'}</span>
      <output aria-label="${count} ${done}" aria-live="off">${count}</output>
    </label>`;
  }

  readonly #switch = (): void => {
    this.#on = !this.#on;
    if (!this.#chosen.size) this.#chosen = new Set(HARMS);
    this.#apply();
  };

  #toggle(harm: Harm): void {
    const chosen = new Set(this.#chosen);
    if (!chosen.delete(harm)) chosen.add(harm);
    this.#chosen = chosen;
    this.#on &&= chosen.size > 0;
    this.#apply();
  }

  #apply(): void {
    const named = HARMS.filter((harm) => this.#chosen.has(harm)).join();
    keepInAddress({ [NAME]: this.#on ? named : undefined });
    this.update();
    this.#changed();
  }
}
