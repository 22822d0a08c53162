import type { Clock } from '../ports/clock.js';
import type {
  MissedCallConfig,
  MissedCallEntry,
  MissedCallRecord,
  MissedCallsHost,
} from '../ports/missed-calls.js';
import type { NoticeClick, Notifier } from '../ports/notifier.js';
import { ClickWait } from './click-wait.js';
import { IncomingNotification } from './incoming-notification.js';
import { missedCallNotification } from './missed-call-notification.js';
import { PushManager, type PushDependencies } from './push-manager.js';

/** Dependencies of notifications, in addition to the service. */
export interface NotificationDependencies extends Omit<PushDependencies, 'transport'> {
  readonly notifier: Notifier;
  readonly clock: Clock;
}

/**
 * Manages the notifications of one user on this device: for incoming calls while no page is visible, for missed calls,
 * the badge, and Web Push while no page is open. Handles clicks on them.
 */
export class NotificationManager {
  /** Waits for the call or the connection that a click needs. */
  readonly wait: ClickWait;
  readonly #host: MissedCallsHost;
  readonly #parts: NotificationDependencies;
  readonly #onMissedCallClick: (callID: string) => Promise<void>;
  readonly #incoming: IncomingNotification;
  readonly #push: PushManager;
  readonly #stops: (() => void)[] = [];
  /** The call that was accepted in its notification, and waits for {@link NotificationManager.enterAcceptedCall}. */
  #accepted: string | undefined;

  /** @param onMissedCallClick called when the user has clicked the notification of a missed call */
  constructor(
    host: MissedCallsHost,
    parts: NotificationDependencies,
    onMissedCallClick: (callID: string) => Promise<void>,
  ) {
    this.#host = host;
    this.#parts = parts;
    this.#onMissedCallClick = onMissedCallClick;
    this.#incoming = new IncomingNotification(parts.notifier, () => host.service.$call.get());
    this.#push = new PushManager({ ...parts, transport: host.transport });
    this.wait = new ClickWait(host.service, parts.clock);
  }

  start(): void {
    const { notifier } = this.#parts;
    const { service } = this.#host;
    const refresh = (): void => {
      // Answered, here or on another device, or over.
      if (this.#accepted !== undefined && !this.#rings(this.#accepted)) this.#accepted = undefined;
      this.#run(this.#incoming.refresh());
    };
    notifier.open(
      (click) => this.#run(this.#clicked(click)),
      refresh,
      () => service.$connection.get() === 'connected',
    );
    this.#stops.push(service.$call.listen(refresh), () => notifier.stop());
    refresh();
  }

  /** To be called at each connection: renews the push subscription, and handles a click that has opened this page. */
  connected(): void {
    this.#run(this.#push.renew());
    // A storage failure counts as no click.
    const click = this.#parts.storage.takeClick().catch(() => undefined);
    this.#run(click.then((one) => one && this.#clicked(one)));
  }

  /**
   * Shows the notification of a missed call, unless another page of this browser or its worker has claimed it before.
   * @param isUnseen evaluated right before it is shown: the user may have handled the missed call meanwhile
   */
  async showMissed(
    { callID, round, group, resourceID }: MissedCallRecord,
    entry: MissedCallEntry,
    isUnseen: () => boolean,
  ): Promise<void> {
    const { storage, notifier } = this.#parts;
    const isFirst = await storage.claim(callID, round).catch(() => true);
    if (!isFirst || !isUnseen()) return;
    const notice = missedCallNotification({ entry, group, resourceID }, this.#config, (error) =>
      this.#host.service.report(error),
    );
    if (notice) await notifier.show(notice);
  }

  /** Closes the notifications of a call. */
  close(callID: string): void {
    void this.#parts.notifier.close(callID);
  }

  /** @param unseen the number of missed calls on the app's icon */
  badge(unseen: number): void {
    this.#parts.notifier.badge(unseen);
  }

  /** @returns whether notifications are permitted */
  enable(): Promise<boolean> {
    return this.#parts.notifier.request();
  }

  /** @throws `not-allowed` without the permission for notifications, and what {@link PushManager.enable} throws */
  async enablePush(): Promise<boolean> {
    if (await this.#parts.notifier.request()) return this.#push.enable();
    throw this.#parts.fault('not-allowed', 'Notifications are not allowed.');
  }

  disablePush(): Promise<boolean> {
    return this.#push.disable();
  }

  /** Accepts the call that was accepted in its notification. @returns whether there was one that still rings */
  async enterAcceptedCall(): Promise<boolean> {
    const isReady = (): boolean => this.#accepted !== undefined && this.#rings(this.#accepted);
    if (!(await this.wait.until(isReady))) return false;
    return this.#host.service.accept();
  }

  /** Closes all notifications of this user: the next user of this page must not see them. */
  stop(): void {
    for (const stop of this.#stops) stop();
    this.wait.stop();
    this.#incoming.hide();
    this.#parts.notifier.badge(0);
    void this.#parts.notifier.closeAll();
  }

  get #config(): MissedCallConfig {
    return this.#host.config().missedCall ?? {};
  }

  #clicked({ kind, callID, action }: NoticeClick): Promise<void> {
    return kind === 'missed' ? this.#onMissedCallClick(callID) : this.#answer(callID, action);
  }

  async #answer(callID: string, action: NoticeClick['action']): Promise<void> {
    const { service } = this.#host;
    if (action === 'open' || !(await this.wait.until(() => this.#rings(callID)))) return;
    if (action === 'decline') {
      await service.decline();
      return;
    }
    const { offline } = this.#host.config();
    if (offline?.autoEnterAcceptedOfflineCall !== false) {
      await service.accept();
      return;
    }
    this.#accepted = callID;
    service.silence();
    this.wait.recheck();
  }

  #rings(callID: string): boolean {
    const call = this.#host.service.$call.get();
    return call.callID === callID && call.status === 'incoming';
  }

  /** A failure reaches the page as an `error` event. */
  #run(job: Promise<unknown>): void {
    job.catch((error: unknown) => this.#host.service.report(error));
  }
}
