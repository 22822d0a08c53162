import { html, render, type TemplateResult } from 'lit';
import { keepInAddress } from './page-address.js';
import { readPhoneOptions, THIS_SERVER, type PhoneOptions } from './phone-options.js';

/** One of two or more that exclude each other. */
interface Choice {
  readonly value: string;
  readonly label: string | TemplateResult;
  readonly title?: string;
}

const SIGNALING: readonly Choice[] = [
  { value: THIS_SERVER, label: 'This server' },
  {
    value: 'local:',
    label: html`<code>local:</code>`,
    title: 'None: tabs and frames of this browser reach each other without a server',
  },
];
const MEDIA: readonly Choice[] = [
  { value: '', label: 'Camera', title: 'Where there is none, a picture is drawn' },
  {
    value: 'synthetic',
    label: 'Drawn',
    title: 'A drawn picture and a quiet tone: nobody is asked for a camera',
  },
];

/** What all phones of a page have in common: chosen on the page, and kept in its address. */
export class BoardSettings {
  readonly #form: HTMLFormElement;
  readonly #changed: () => void;

  /** @param changed hears when another choice was made: the phones start anew with it */
  constructor(form: HTMLFormElement, changed: () => void) {
    this.#form = form;
    this.#changed = changed;
    const { signaling, synthetic } = readPhoneOptions(location.search);
    render(
      html`<fieldset>
          <legend>Signalling</legend>
          ${choice('signaling', SIGNALING, signaling)}
        </fieldset>
        <fieldset>
          <legend>Picture and sound</legend>
          ${choice('media', MEDIA, synthetic ? 'synthetic' : '')}
        </fieldset>`,
      form,
    );
    form.addEventListener('change', this.#onChange);
  }

  get chosen(): Pick<PhoneOptions, 'signaling' | 'synthetic'> {
    const data = new FormData(this.#form);
    const signaling = data.get('signaling');
    return {
      // Another server than those on the page can be named in the address alone.
      signaling:
        typeof signaling === 'string' ? signaling : readPhoneOptions(location.search).signaling,
      synthetic: data.get('media') === 'synthetic',
    };
  }

  readonly #onChange = (): void => {
    const { signaling, synthetic } = this.chosen;
    keepInAddress({
      signaling: signaling === THIS_SERVER ? undefined : signaling,
      media: synthetic ? 'synthetic' : undefined,
    });
    this.#changed();
  };
}

/** Radio buttons that look like one switch. */
function choice(name: string, choices: readonly Choice[], chosen: string): TemplateResult {
  return html`<div class="choice">
    ${choices.map(
      ({ value, label, title = '' }) =>
        html`<label title=${title}
          ><input
            type="radio"
            name=${name}
            value=${value}
            ?checked=${value === chosen}
          />${label}</label
        >`,
    )}
  </div>`;
}
