import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { UserRoundPlus } from '../shared/lucide/user-round-plus.js';
import type { CallUser } from '../../core/protocol/vocabulary.js';
import { CallError } from '../../core/service/call-error.js';
import { isIn, isWaiting, mayInvite } from '../../core/service/in-calling.js';
import type { CallSnapshot, Member } from '../../core/service/snapshots.js';
import { hueStyles } from '../shared/avatar.js';
import { baseStyles } from '../shared/base.styles.js';
import { CallElement } from '../shared/call-element.js';
import { hidePopover, isPopoverOpen, togglePopover } from '../shared/dom-features.js';
import { icon } from '../shared/icons.js';
import { CallInviteEvent } from '../shared/in-call-events.js';
import { directionOf } from '../shared/language.js';
import { memberText } from '../shared/member-state.js';
import { readUsers, type UserList } from '../shared/read-users.js';
import { styles } from './invite-to-call-button.styles.js';
import { inviteFault } from './invite-fault.js';
import { placeBeside } from './place-beside.js';

/** A user in the list, with their state in the running call. */
interface Candidate extends CallUser {
  readonly member: Member | undefined;
}

/**
 * Invites more users into the running call: a press opens a list to choose from. It is visible only while this user
 * is in a call and is allowed to invite by `config.inCalling`. In the slot `invite` of a view or a provider it looks
 * like a control of the call.
 *
 * @slot - The label. Default: an icon and "Invite".
 * @fires {CallInviteEvent} call-invite - The user confirmed the choice. Cancelable: `preventDefault()` prevents the
 *   invitations.
 * @csspart button - The button.
 * @cssstate open - This user can invite. Without this state, the element has `display: none`.
 *
 * @example
 * ```html
 * <call-invitation-provider user-id="alice" signaling="wss://calls.example.org">
 *   <invite-to-call-button slot="invite" people="carol dave"></invite-to-call-button>
 * </call-invitation-provider>
 * ```
 */
export class InviteToCallButton extends CallElement {
  static override shadowRootOptions: ShadowRootInit = {
    ...LitElement.shadowRootOptions,
    delegatesFocus: true,
  };
  static override styles = [baseStyles, hueStyles, styles];

  /**
   * Users to choose from. As an attribute: user IDs separated by white space, or a JSON array of user IDs and users.
   */
  @property() people: UserList = null;

  @state() protected note = '';
  @state() protected sending = false;
  @state() protected chosen: ReadonlySet<string> = new Set();

  #people: readonly (string | CallUser)[] = [];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#reset();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (changed.has('people')) this.#readPeople();
    this.setState('open', this.#mayInvite);
    if (this.hasUpdated && !this.#mayInvite) this.#close();
  }

  protected override render(): TemplateResult {
    const { texts } = this;
    return html`<button
        class="open"
        part="button"
        title=${texts.inviteToCall}
        lang=${texts.lang}
        dir=${directionOf(texts)}
        aria-haspopup="dialog"
        @click=${this.#onPress}
      >
        <slot>${icon(UserRoundPlus)}<span class="label">${texts.invite}</span></slot>
      </button>
      <div
        id="chooser"
        role="dialog"
        aria-labelledby="title"
        tabindex="-1"
        lang=${texts.lang}
        dir=${directionOf(texts)}
        @beforetoggle=${this.#onToggle}
      >
        ${this.call && this.#mayInvite ? this.#choice(this.call) : nothing}
      </div>`;
  }

  protected override firstUpdated(): void {
    const { opener, chooser } = this;
    chooser.popover = 'auto';
    // Declares the opener, so that a press on it does not close the popover before the click handler toggles it.
    opener.popoverTargetElement = chooser;
  }

  protected override updated(): void {
    if (isPopoverOpen(this.chooser)) placeBeside(this.chooser, this.opener);
  }

  /** Presses the button, like `click()` of any button. */
  override click(): void {
    this.opener.click();
  }

  protected get opener(): HTMLButtonElement {
    return this.renderRoot.querySelector('.open') as HTMLButtonElement;
  }

  protected get chooser(): HTMLElement {
    return this.renderRoot.querySelector('#chooser') as HTMLElement;
  }

  get #mayInvite(): boolean {
    const { call, host } = this;
    const runs = call?.status === 'active' || call?.status === 'reconnecting';
    return runs && mayInvite(host?.config() ?? {}, host?.service.user?.userID, call);
  }

  #choice(call: CallSnapshot): TemplateResult {
    const { texts } = this;
    const candidates = this.#candidates(call);
    return html`<div id="title">${texts.inviteToCall}</div>
      ${
        candidates.length
          ? html`<ul>
              ${candidates.map((one) => this.#row(one))}
            </ul>`
          : html`<p>${texts.nobodyToInvite}</p>`
      }
      <div id="note" role="status">${this.note || nothing}</div>
      <button
        class="confirm"
        ?disabled=${this.sending || !this.#invitees(call).length}
        @click=${this.#onConfirm}
      >
        ${texts.invite}
      </button>`;
  }

  #row({ userID, userName, member }: Candidate): TemplateResult {
    const isMember = isIn(member) || isWaiting(member);
    const text = memberText(member?.state, this.texts);
    return html`<li>
      <label>
        <input
          type="checkbox"
          .checked=${!isMember && this.chosen.has(userID)}
          ?disabled=${isMember}
          @change=${() => this.#toggle(userID)}
        />
        ${this.avatar({ userID, userName })}
        <span class="who">
          <bdi class="person" title=${userName}>${userName}</bdi>
          ${text ? html`<span class="state">${text}</span>` : nothing}
        </span>
      </label>
    </li>`;
  }

  /** All users in `people` except this user, without duplicates. */
  #candidates({ members }: CallSnapshot): readonly Candidate[] {
    const found = new Map<string, Candidate>();
    for (const one of this.#people) {
      const { userID, userName } = typeof one === 'string' ? { userID: one, userName: '' } : one;
      const member = members.find((each) => each.userID === userID);
      if (member?.self) continue;
      found.set(userID, { userID, userName: userName || member?.userName || userID, member });
    }
    return [...found.values()];
  }

  /** The chosen users as given in `people`, without those who joined or were invited meanwhile. */
  #invitees(call: CallSnapshot): readonly (string | CallUser)[] {
    const free = this.#candidates(call).filter(
      ({ userID, member }) => this.chosen.has(userID) && !isIn(member) && !isWaiting(member),
    );
    const nameOf = (one: string | CallUser): string => (typeof one === 'string' ? one : one.userID);
    return free.flatMap(
      ({ userID }) => this.#people.find((one) => nameOf(one) === userID) ?? userID,
    );
  }

  #readPeople(): void {
    this.#people = [];
    try {
      this.#people = readUsers(this.people, 'people');
    } catch (error) {
      // Not during an update, because an error handler may cause another one.
      void this.updateComplete.then(() => this.report(error));
    }
  }

  #toggle(userID: string): void {
    const chosen = new Set(this.chosen);
    if (!chosen.delete(userID)) chosen.add(userID);
    this.chosen = chosen;
    this.note = '';
  }

  async #invite(): Promise<void> {
    const { call, service } = this;
    const callees = call ? this.#invitees(call) : [];
    if (!callees.length || this.sending) return;
    if (!this.request(new CallInviteEvent(callees))) return this.#close();
    this.sending = true;
    this.note = '';
    try {
      if (!service) throw new CallError('not-connected');
      if (await service.invite({ invitees: callees })) this.#close();
      else this.note = this.texts.alreadyInvited;
    } catch (error) {
      this.note = inviteFault(error, this.host?.config() ?? {}, this.texts);
      this.report(error);
    } finally {
      this.sending = false;
    }
  }

  #close(): void {
    if (isPopoverOpen(this.chooser)) hidePopover(this.chooser);
  }

  #reset(): void {
    this.chosen = new Set();
    this.note = '';
    globalThis.removeEventListener('resize', this.#placeChooser);
    document.removeEventListener('scroll', this.#placeChooser, true);
  }

  readonly #onPress = (event: MouseEvent): void => {
    event.preventDefault();
    const { opener, chooser } = this;
    if (!togglePopover(chooser)) return;
    placeBeside(chooser, opener);
    (chooser.querySelector<HTMLElement>('input:enabled') ?? chooser).focus();
  };

  readonly #onToggle = ({ newState }: ToggleEvent): void => {
    if (newState === 'open') {
      globalThis.addEventListener('resize', this.#placeChooser);
      document.addEventListener('scroll', this.#placeChooser, true);
      return;
    }
    // Returns the focus to the button, unless the user has focused something else.
    if (this.chooser.contains(this.shadowRoot?.activeElement ?? null) && this.#mayInvite)
      this.opener.focus();
    this.#reset();
  };

  readonly #placeChooser = (): void => placeBeside(this.chooser, this.opener);

  readonly #onConfirm = (): void => void this.#invite();
}

declare global {
  interface HTMLElementTagNameMap {
    'invite-to-call-button': InviteToCallButton;
  }
}
