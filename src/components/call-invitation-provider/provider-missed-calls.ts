import { createMissedCalls } from '../../core/missed-calls/missed-call-manager.js';
import { createBrowserNotifier } from '../../core/notifications/browser-notifier.js';
import { createBrowserPush } from '../../core/notifications/browser-push.js';
import { registerWorker } from '../../core/notifications/worker-registration.js';
import type { MissedCalls, MissedCallsHost } from '../../core/ports/missed-calls.js';
import { CallError } from '../../core/service/call-error.js';
import { systemClock } from '../../core/clock/system-clock.js';
import type { InvitationService } from '../../core/service/invitation-service.js';
import { createBrowserStorage } from '../../core/storage/browser-storage.js';
import { noticeTexts } from '../../locales/notices.js';
import { incomingCallText, missedCallText } from '../../locales/notification-text.js';
import { languageOf } from '../shared/language.js';
import { accountOf, addressOf, type AccountOwner } from './account.js';
import { saveAtPageHide } from './save-page.js';
import { offerNotifications } from './offer.js';

/** The members of a provider that the missed calls need. */
export interface MissedCallsProvider extends HTMLElement, AccountOwner {
  readonly serviceWorker: string | null;
  readonly notificationURL: string | null;
  readonly noDefaultUI: boolean;
  readonly renderRoot: DocumentFragment | HTMLElement;
}

/**
 * Creates the missed-call manager for the user of a provider: records in IndexedDB, notifications, and Web Push by
 * the service worker of the page. Loaded after the page has connected, like the code that restores a call after a
 * reload.
 */
export function createProviderMissedCalls(
  provider: MissedCallsProvider,
  service: InvitationService,
  host: MissedCallsHost,
): Promise<MissedCalls> {
  const address = addressOf(provider.signaling);
  const account = accountOf(provider);
  const settings = () => host.config().missedCall ?? {};
  const url = provider.serviceWorker;
  const worker = url ? registerWorker(url) : undefined;
  worker?.catch((error: unknown) => host.service.report(error));
  const page = () => new URL(provider.notificationURL ?? location.href, document.baseURI).href;
  const lang = () => languageOf(provider);
  const notifier = createBrowserNotifier({
    ...{ account, worker, page },
    textsFor: ({ title, message, ...notice }) => {
      const texts = noticeTexts(lang());
      if (notice.kind === 'incoming')
        return incomingCallText(notice, texts, {
          ...(title !== undefined && { title }),
          ...(message !== undefined && { message }),
        });
      const words = missedCallText(notice, texts, notice.dialBack);
      return { ...words, title: title ?? words.title, body: message ?? words.body };
    },
  });
  const stopNoting = saveAtPageHide(service);
  const stopOffering = offerNotifications(
    provider,
    service,
    () => notifier.permission === 'default' && settings().enabled !== false,
  );
  return createMissedCalls(host, {
    ...{ notifier, clock: systemClock },
    whenStopped: () => {
      stopNoting();
      stopOffering();
    },
    storage: createBrowserStorage(account),
    subscriptions: createBrowserPush(worker, () => ({
      ...{ account, page: page(), server: address, lang: lang() || 'en' },
      missed: settings().enabled !== false,
      dialBack: settings().enableDialBack !== false,
    })),
    fault: (code, message) => new CallError(code, message),
  });
}
