import type { CallInvitationService } from '../../core/service/types.js';
import { NotificationOffer } from '../notification-offer/notification-offer.js';
import { defineOnce } from '../shared/define-once.js';
import { notificationAsk } from '../shared/notification-ask.js';
import { showPopover } from '../shared/dom-features.js';

/** Key in localStorage: the user does not want to be asked again in this browser. */
const DECLINED_KEY = 'ringkit notifications declined';

interface OfferingProvider extends HTMLElement {
  readonly noDefaultUI: boolean;
  readonly serviceWorker: string | null;
  readonly renderRoot: DocumentFragment | HTMLElement;
}

/**
 * Offers notifications once, after the first call has ended, and never again after "Not now".
 * @param isWanted whether the page wants notifications and the browser can ask for permission
 * @returns a function that stops the offer
 */
export function offerNotifications(
  provider: OfferingProvider,
  service: CallInvitationService,
  isWanted: () => boolean,
  ask = notificationAsk,
): () => void {
  let wasActive = false;
  let offer: HTMLElement | undefined;

  /** Lists of missed calls ask again after the offer is closed by a call. */
  const place = { onAskChanged: () => {} };
  const close = (): void => {
    ask.set(place, false);
    offer?.remove();
    offer = undefined;
  };
  const accept = async (): Promise<void> => {
    ask.answer();
    close();
    if (!(await service.enableNotifications()) || !provider.serviceWorker) return;
    // Not every server supports Web Push. Notifications of open pages work without it.
    await service.enablePush().catch(() => false);
  };
  const open = (): void => {
    defineOnce('notification-offer', NotificationOffer);
    const card = document.createElement('notification-offer');
    card.setAttribute('in-layer', '');
    offer = document.createElement('div');
    offer.className = 'layer';
    offer.popover = 'manual';
    offer.append(card);
    card.addEventListener('offer-accept', () => {
      accept().catch((error: unknown) => service.report(error));
    });
    card.addEventListener('offer-dismiss', () => {
      decline();
      ask.answer();
      close();
    });
    provider.renderRoot.append(offer);
    ask.set(place, true, true);
    showPopover(offer);
  };

  const openIfWanted = (): void => {
    if (
      wasActive &&
      !offer &&
      !ask.isAnswered &&
      service.$call.get().status === 'idle' &&
      !service.$endedCall.get() &&
      !provider.noDefaultUI &&
      provider.renderRoot.isConnected &&
      isWanted() &&
      !isDeclined()
    ) {
      open();
    }
  };
  const stopCalls = service.$call.listen(({ status, startedAt }) => {
    if (status === 'ended') wasActive = startedAt !== undefined;
    else if (status === 'idle') openIfWanted();
    else {
      wasActive = false;
      close();
    }
  });
  // The end of the call is at the same place, and more important.
  const stopEnds = service.$endedCall.listen(openIfWanted);
  return () => {
    stopCalls();
    stopEnds();
    close();
  };
}

function isDeclined(): boolean {
  try {
    return localStorage.getItem(DECLINED_KEY) !== null;
  } catch {
    // Without storage, the offer would be shown after every call.
    return true;
  }
}

function decline(): void {
  try {
    localStorage.setItem(DECLINED_KEY, 'yes');
  } catch {
    // Without storage, `isDeclined` returns true, so the offer is not shown again.
  }
}
