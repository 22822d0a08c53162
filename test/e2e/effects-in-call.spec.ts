import { expect, test } from './fixtures.js';
import type { Person } from './person.js';

/** The average colour of the picture that a page receives from Alice: red, green and blue, 0 to 255. */
const colour = ({ page }: Person): Promise<number[] | undefined> =>
  page.evaluate(async () => {
    const service = document.querySelector('call-invitation-provider')?.service;
    const stream = service?.$remoteMedia.get().get('alice')?.stream;
    if (!stream?.getVideoTracks().length) return undefined;
    const player = document.createElement('video');
    player.muted = true;
    player.srcObject = new MediaStream(stream.getVideoTracks());
    await player.play();
    const context = new OffscreenCanvas(1, 1).getContext('2d');
    context?.drawImage(player, 0, 0, 1, 1);
    player.srcObject = null;
    return [...(context?.getImageData(0, 0, 1, 1).data ?? [])].slice(0, 3);
  });

const isRed = async (person: Person): Promise<boolean> => {
  const [red = 0, green = 0, blue = 0] = (await colour(person)) ?? [];
  return red > 180 && green < 60 && blue < 60;
};

test('the other member sees the processed picture, until the user switches the effect off', async ({
  open,
}) => {
  const [alice, bob] = [await open('alice'), await open('bob')];
  await alice.page.evaluate(() => {
    const released: string[] = [];
    Object.assign(window, { released });
    document.querySelector('call-invitation-provider')!.config = {
      media: {
        effects: [
          {
            ...{ name: 'red', kind: 'video', label: 'Red picture', enabled: true },
            process(track, { signal }) {
              const canvas = document.createElement('canvas');
              const context = canvas.getContext('2d');
              const draw = (): void => {
                if (context) context.fillStyle = `rgb(255 ${Math.random() * 2} 0)`;
                context?.fillRect(0, 0, canvas.width, canvas.height);
              };
              const timer = setInterval(draw, 100);
              signal.addEventListener('abort', () => {
                clearInterval(timer);
                released.push(track.label);
              });
              draw();
              return canvas.captureStream().getVideoTracks()[0] ?? track;
            },
          },
        ],
      },
    };
  });
  await alice.send(['bob']);
  await bob.is('incoming');
  await bob.ask('accept');
  for (const person of [alice, bob]) await person.is('active');
  await expect.poll(() => isRed(bob)).toBe(true);

  await alice.page.getByRole('button', { name: 'Audio and video settings' }).click();
  await alice.page.getByRole('switch', { name: 'Red picture' }).uncheck();
  await expect.poll(async () => (await colour(bob)) && !(await isRed(bob))).toBe(true);
  await alice.page.getByRole('switch', { name: 'Red picture' }).check();
  await expect.poll(() => isRed(bob)).toBe(true);
  await alice.ask('hangUp');
  await expect
    .poll(() => alice.page.evaluate(() => (window as { released?: string[] }).released?.length))
    .toBe(2);
});
