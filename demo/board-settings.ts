import { html, render, type TemplateResult } from 'lit';
import { keepInAddress } from './page-address.js';
import { hasServer, pageOptions } from './page-options.js';
import { THIS_SERVER, type PhoneOptions } from './phone-options.js';

/** One option of a radio group. */
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
    title: 'Tabs and frames of this browser exchange messages without a server',
  },
];
const MEDIA: readonly Choice[] = [
  { value: '', label: 'Camera', title: 'Without a camera, a drawn picture is sent' },
  {
    value: 'synthetic',
    label: 'Drawn',
    title: 'Sends a drawn picture and a quiet tone, without asking for a camera',
  },
];

/** Settings of all phones of a page: chosen on the page, and stored in its URL. */
export class BoardSettings {
  readonly #form: HTMLFormElement;
  readonly #changed: () => void;

  /** @param changed called when a setting has changed. The phones restart with it */
  constructor(form: HTMLFormElement, changed: () => void) {
    this.#form = form;
    this.#changed = changed;
    const { signaling, synthetic } = pageOptions();
    render(
      html`<fieldset ?hidden=${!hasServer}>
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
      // A server that is not offered on the page can only be set in the URL.
      signaling: typeof signaling === 'string' ? signaling : pageOptions().signaling,
      synthetic: data.get('media') === 'synthetic',
    };
  }

  readonly #onChange = (): void => {
    const { signaling, synthetic } = this.chosen;
    keepInAddress({
      signaling: hasServer && signaling === THIS_SERVER ? undefined : signaling,
      media: synthetic ? 'synthetic' : undefined,
    });
    this.#changed();
  };
}

/** Radio buttons with the appearance of one switch. */
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
