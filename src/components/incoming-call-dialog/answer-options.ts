import { html, nothing, type TemplateResult } from 'lit';
import { ifDefined } from 'lit/directives/if-defined.js';
import { icon, type IconNode } from '../shared/icons.js';
import type { Texts } from '../shared/language.js';
import { BellOff } from '../shared/lucide/bell-off.js';
import { Eye } from '../shared/lucide/eye.js';
import { MessageSquareText } from '../shared/lucide/message-square-text.js';
import { MicOff } from '../shared/lucide/mic-off.js';
import { Mic } from '../shared/lucide/mic.js';
import { VideoOff } from '../shared/lucide/video-off.js';
import { Video } from '../shared/lucide/video.js';

/** Which sources are on when the call starts. */
export interface AnswerSources {
  readonly microphone: boolean;
  readonly camera: boolean;
}

/** What the options of an incoming call show. */
export interface AnswerOptions {
  readonly sources: AnswerSources;
  /** Whether the call can have pictures. */
  readonly hasCamera: boolean;
  readonly isPreviewOpen: boolean;
  readonly isSilenced: boolean;
  readonly messages: readonly string[];
  readonly areMessagesOpen: boolean;
}

/** What their buttons do. */
export interface AnswerActions {
  toggle(source: keyof AnswerSources): void;
  togglePreview(): void;
  silence(): void;
  toggleMessages(): void;
  declineWith(message: string): void;
}

interface OptionButton {
  readonly part: string;
  readonly label: string;
  readonly node: IconNode;
  readonly onPress: () => void;
  /** The action was taken, or the source is off. */
  readonly isOff?: boolean;
  /** For a button that opens something: whether it is open. */
  readonly isExpanded?: boolean;
}

const option = ({ part, label, node, onPress, isOff, isExpanded }: OptionButton): TemplateResult =>
  html`<button
    class="option ${isOff ? 'off' : ''}"
    part=${part}
    aria-label=${label}
    aria-expanded=${ifDefined(isExpanded)}
    @click=${onPress}
  >
    ${icon(node)}
  </button>`;

/** The row of options above the answers, and the messages to decline with, if they are open. */
export function answerOptions(
  { sources, hasCamera, isPreviewOpen, isSilenced, messages, areMessagesOpen }: AnswerOptions,
  actions: AnswerActions,
  texts: Texts,
): TemplateResult {
  const { microphone, camera } = sources;
  const preview = isPreviewOpen ? texts.closePreview : texts.previewCamera;
  return html`<div class="options">
      ${option({
        part: 'microphone-button',
        label: microphone ? texts.muteMicrophone : texts.unmuteMicrophone,
        node: microphone ? Mic : MicOff,
        isOff: !microphone,
        onPress: () => actions.toggle('microphone'),
      })}
      ${
        hasCamera
          ? html`${option({
              part: 'camera-button',
              label: camera ? texts.turnCameraOff : texts.turnCameraOn,
              node: camera ? Video : VideoOff,
              isOff: !camera,
              onPress: () => actions.toggle('camera'),
            })}${option({
              part: 'preview-button',
              label: preview,
              node: Eye,
              isExpanded: isPreviewOpen,
              onPress: () => actions.togglePreview(),
            })}`
          : nothing
      }
      <span class="space"></span>
      ${
        messages.length
          ? option({
              part: 'message-button',
              label: texts.declineWithMessage,
              node: MessageSquareText,
              isExpanded: areMessagesOpen,
              onPress: () => actions.toggleMessages(),
            })
          : nothing
      }
      ${
        isSilenced
          ? nothing
          : option({
              part: 'silence-button',
              label: texts.silence,
              node: BellOff,
              onPress: () => actions.silence(),
            })
      }
    </div>
    ${
      areMessagesOpen
        ? html`<div class="messages" role="group" aria-label=${texts.declineWithMessage}>
            ${messages.map(
              (message) =>
                html`<button
                  part="decline-message-button"
                  @click=${() => actions.declineWith(message)}
                >
                  <span dir="auto">${message}</span>
                </button>`,
            )}
          </div>`
        : nothing
    }`;
}
