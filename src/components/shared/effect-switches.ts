import { css, html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { EffectState } from '../../core/ports/media-effects.js';
import type { Texts } from './language.js';

/** Styles of `effectSwitches`. */
export const effectSwitchStyles = css`
  .effect {
    display: grid;
    grid-template-columns: 1fr auto;
    align-items: center;
    gap: 4px 12px;
    min-block-size: 44px;
    color: var(--_text);
    font-size: 14px;
    overflow-wrap: anywhere;
  }
  .effect .detail {
    grid-column: 1 / -1;
    font-size: 14px;
    color: var(--_quiet);
  }
  .effect input {
    appearance: none;
    position: relative;
    flex: none;
    inline-size: 44px;
    block-size: 28px;
    margin: 0;
    border: 2px solid var(--_quiet);
    border-radius: var(--_radius-full);
    background: var(--_raised);
    cursor: pointer;
  }
  .effect input::before {
    content: '';
    position: absolute;
    inset-block: 4px;
    inset-inline-start: 4px;
    inline-size: 16px;
    border-radius: var(--_radius-full);
    background: var(--_quiet);
  }
  .effect input:checked {
    border-color: var(--_accent);
    background: var(--_accent);
  }
  .effect input:checked::before {
    inset-inline: auto 4px;
    background: var(--_surface);
  }
  @media (forced-colors: active) {
    .effect input:checked {
      forced-color-adjust: none;
      border-color: Highlight;
      background: Highlight;
    }
  }
`;

const OWN_LABELS = {
  'background-blur': 'blurBackground',
  'background-image': 'replaceBackground',
  noise: 'suppressNoise',
} as const;

const isOwn = (name: string): name is keyof typeof OWN_LABELS => name in OWN_LABELS;

/** A switch for each effect of the page of this kind. */
export function effectSwitches(
  effects: readonly EffectState[] | undefined,
  kind: EffectState['kind'],
  texts: Texts,
  onSwitch: (name: string, on: boolean) => void,
): TemplateResult | typeof nothing {
  const shown = effects?.filter((effect) => effect.kind === kind) ?? [];
  if (!shown.length) return nothing;
  return html`${shown.map(
    ({ name, label, enabled, failed }) =>
      html`<label class="effect">
        <span>${label ?? (isOwn(name) ? texts[OWN_LABELS[name]] : name)}</span>
        <input
          type="checkbox"
          .role=${'switch'}
          name=${name}
          .checked=${live(enabled)}
          @change=${(event: Event) => onSwitch(name, (event.target as HTMLInputElement).checked)}
        />
        ${failed ? html`<span class="detail" role="status">${texts.effectFailed}</span>` : nothing}
      </label>`,
  )}`;
}
