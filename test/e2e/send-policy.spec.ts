import type { Person } from './person.js';
import { expect, test, type Open } from './fixtures.js';
import { pretendPerfectNetwork } from './perfect-network.js';

/* What a call sends: depends on what the receiver shows and on the page's limits. */

/** Frames that this user has sent from the camera, and the encoding of the camera. */
const sending = ({ page }: Person) =>
  page.evaluate(async () => {
    const connection = window.probe.connections.at(-1)!;
    const sender = connection.getTransceivers()[1]!.sender;
    let frames = 0;
    (await sender.getStats()).forEach((entry: { type: string; framesSent?: number }) => {
      if (entry.type === 'outbound-rtp') frames += entry.framesSent ?? 0;
    });
    const [encoding] = sender.getParameters().encodings;
    const [sound] = connection.getTransceivers()[0]!.sender.getParameters().encodings;
    return { frames, active: encoding!.active, kbps: (encoding!.maxBitrate ?? 0) / 1_000, sound };
  });

const isSending = async (person: Person): Promise<boolean> => {
  const before = await sending(person);
  await person.page.waitForFunction(
    () => new Promise<boolean>((resolve) => setTimeout(() => resolve(true), 1_500)),
  );
  return (await sending(person)).frames > before.frames;
};

const provider = ({ page }: Person) => page.locator('call-invitation-provider');

async function inACall(open: Open): Promise<[Person, Person]> {
  const [alice, bob] = [await open('alice', { prepare: pretendPerfectNetwork }), await open('bob')];
  await provider(alice).evaluate((element) => {
    (element as HTMLElement & { config: object }).config = {
      media: { maxVideoBitrateKbps: 200, maxAudioBitrateKbps: 24, maxFrameHeight: 240 },
    };
  });
  await alice.send(['bob'], { callType: 'video' });
  await bob.is('incoming');
  await bob.press('accept-button');
  await alice.is('active');
  await bob.is('active');
  await expect.poll(() => isSending(alice)).toBe(true);
  return [alice, bob];
}

test('a picture that the receiver does not show is not sent, and one of its size within the limits of the page otherwise', async ({
  open,
}) => {
  const [alice, bob] = await inACall(open);
  await expect.poll(async () => (await sending(alice)).kbps).toBeLessThanOrEqual(200);
  expect((await sending(alice)).sound).toMatchObject({ active: true, maxBitrate: 24_000 });

  // Minimised, a card shows the picture: of the next step above its size.
  const view = bob.page.locator('ongoing-call-view');
  const height = (): Promise<number> =>
    view
      .locator('[data-user=alice] video')
      .evaluate((video) => (video as HTMLVideoElement).videoHeight);
  await expect.poll(height).toBeGreaterThan(200);
  await view.locator('.minimise').click();
  await expect.poll(height).toBeLessThan(200);
  expect(await isSending(alice)).toBe(true);
  await view.locator('.restore').click();
  await expect.poll(height).toBeGreaterThan(200);

  const receive = (on: boolean): Promise<void> =>
    bob.page.evaluate(
      (wanted) =>
        document.querySelector('call-invitation-provider')!.service.setIncomingVideo(wanted),
      on,
    );
  await receive(false);
  await expect.poll(() => isSending(alice)).toBe(false);
  await expect(view.locator('[data-user=alice] video')).toHaveCount(0);
  await receive(true);
  await expect.poll(() => isSending(alice)).toBe(true);
  await alice.receives('sound', 1);
  await bob.press('hang-up-button');
  await bob.releasesEverything();
});
