import type { CallInvitationService } from '../../core/service/types.js';
import { NotificationOffer } from '../notification-offer/notification-offer.js';
import { defineOnce } from '../shared/define-once.js';

/** That the user does not want to be asked again in this browser. */
const DECLINED = 'ringkit notifications declined';

interface OfferingProvider extends HTMLElement {
  readonly noDefaultUI: boolean;
  readonly serviceWorker: string | null;
  readonly renderRoot: DocumentFragment | HTMLElement;
}

/**
 * Offers notifications when the first call has ended: the user knows then what they are for. Once, and never again
 * after "not now".
 * @param isWanted whether the page wants them, and the browser can be asked
 * @returns a function that ends it
 */
export function offerNotifications(
  provider: OfferingProvider,
  service: CallInvitationService,
  isWanted: () => boolean,
): () => void {
  let talked = false;
  let offer: HTMLElement | undefined;

  const close = (): void => {
    offer?.remove();
    offer = undefined;
  };
  const accept = async (): Promise<void> => {
    close();
    if (!(await service.enableNotifications()) || !provider.serviceWorker) return;
    // Not every server pushes: notifications of open pages are there all the same.
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
      close();
    });
    provider.renderRoot.append(offer);
    offer.showPopover();
  };

  const stop = service.$call.listen(({ status, startedAt }) => {
    if (status === 'ended') talked = startedAt !== undefined;
    else if (status !== 'idle') {
      talked = false;
      close();
    } else if (talked && !offer && !provider.noDefaultUI && isWanted() && !isDeclined()) {
      open();
    }
  });
  return () => {
    stop();
    close();
  };
}

function isDeclined(): boolean {
  try {
    return localStorage.getItem(DECLINED) !== null;
  } catch {
    // No storage: it would be asked after every call.
    return true;
  }
}

function decline(): void {
  try {
    localStorage.setItem(DECLINED, 'yes');
  } catch {
    // It is not asked again as long as this page lives.
  }
}
