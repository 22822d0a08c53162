import type { CallSnapshot } from '../../src/core/service/snapshots.js';
import { expect } from './expect.js';
import type { Person } from './person.js';

/** Packets of sound that a browser sends in a second, while somebody speaks. */
const SOUND_PACKETS = 50;

/** Counters of the sound of a link, at one of its ends. */
export interface Voice {
  readonly sent: number;
  readonly received: number;
  readonly lost: number;
  /** Lost packets that were restored from the error correction in others. */
  readonly recovered: number;
  /** Samples that were made up because a packet was missing, without silence, and all samples. */
  readonly concealed: number;
  readonly played: number;
}

/** A decision of the send policy: the parameters of the camera's sender. */
export interface CameraStep {
  readonly active: boolean;
  readonly kbps: number;
  /** How many times smaller than the captured picture it is. */
  readonly scale: number;
}

declare global {
  interface Window {
    cameraSteps?: CameraStep[];
  }
}

/** Records the parameters that are set for the camera. To be run in the page first. */
export function recordCameraSteps(): void {
  const steps: CameraStep[] = (window.cameraSteps = []);
  const { setParameters } = RTCRtpSender.prototype;
  RTCRtpSender.prototype.setParameters = function (parameters, ...rest) {
    const [encoding] = parameters.encodings;
    // Nobody shares a screen in these tests, so the only pictures are those of cameras.
    if (encoding && this.track?.kind === 'video')
      steps.push({
        active: encoding.active ?? true,
        kbps: (encoding.maxBitrate ?? 0) / 1_000,
        scale: encoding.scaleResolutionDownBy ?? 1,
      });
    return setParameters.call(this, parameters, ...rest);
  };
}

/** All steps of the camera so far. */
export const stepsOf = ({ page }: Person): Promise<CameraStep[]> =>
  page.evaluate(() => window.cameraSteps ?? []);

export const lastStepOf = async (person: Person): Promise<CameraStep | undefined> =>
  (await stepsOf(person)).at(-1);

export const voiceOf = ({ page }: Person): Promise<Voice> =>
  page.evaluate(async () => {
    const voice = { sent: 0, received: 0, lost: 0, recovered: 0, concealed: 0, played: 0 };
    type Report = { type: string; kind: string } & Record<string, number | undefined>;
    for (const connection of window.probe.connections) {
      if (connection.connectionState === 'closed') continue;
      const reports = (await connection.getStats()) as unknown as Map<string, Report>;
      for (const report of reports.values()) {
        if (report.kind !== 'audio') continue;
        const of = (name: string): number => report[name] ?? 0;
        if (report.type === 'outbound-rtp') voice.sent += of('packetsSent');
        if (report.type !== 'inbound-rtp') continue;
        voice.received += of('packetsReceived');
        voice.lost += of('packetsLost');
        voice.recovered += of('fecPacketsReceived') - of('fecPacketsDiscarded');
        voice.concealed += of('concealedSamples') - of('silentConcealedSamples');
        voice.played += of('totalSamplesReceived');
      }
    }
    return voice;
  });

/** The sound that this user gets during the next seconds, by the packets that are sent. */
export async function hears(person: Person, seconds: number): Promise<Voice> {
  const before = await voiceOf(person);
  const packets = seconds * SOUND_PACKETS;
  const passed = async (): Promise<number> => {
    const { received, lost } = await voiceOf(person);
    return received + lost - before.received - before.lost;
  };
  await expect
    .poll(passed, { timeout: seconds * 4_000, message: `sound at ${person.userID}` })
    .toBeGreaterThanOrEqual(packets);
  const after = await voiceOf(person);
  const names = Object.keys(before) as (keyof Voice)[];
  return Object.fromEntries(
    names.map((name) => [name, after[name] - before[name]]),
  ) as unknown as Voice;
}

/** Fraction of the packets of sound that arrived or were restored. */
export const understood = ({ received, lost, recovered }: Voice): number =>
  (received + Math.min(lost, recovered)) / Math.max(1, received + lost);

/** Fraction of the sound that was made up. */
export const madeUp = ({ concealed, played }: Voice): number => concealed / Math.max(1, played);

/** Whether this user's picture is paused for the other one, and the other one's for this user. */
export const pausedAt = ({ page }: Person): Promise<{ own: boolean; others: boolean }> =>
  page.evaluate(() => {
    const provider = document.querySelector('call-invitation-provider');
    const { members } = provider?.service.$call.get() as CallSnapshot;
    return {
      own: members.some(({ ownPicturePaused }) => ownPicturePaused),
      others: members.some(({ picturePaused }) => picturePaused),
    };
  });
