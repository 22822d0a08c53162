import type {
  CallSnapshot,
  CallType,
  CallUser,
  LocalMediaSnapshot,
  Member,
  MemberState,
  RemoteMediaSnapshot,
} from '../../src/core/index.js';
import { FakeService, member } from '../../test/support/fake-service.js';
import { drawPicture } from '../synthetic-picture.js';
import { ben, people } from './people.js';

/** Few, because a page may show eight pictures. */
const FRAMES_PER_SECOND = 5;
const DURATION_MS = 767_000;

const streams = new Map<string, MediaStream>();

/** A drawn picture of a user. */
function pictureOf({ userID, userName }: CallUser): MediaStream {
  let stream = streams.get(userID);
  if (!stream) {
    const format = { width: 640, height: 480, frameRate: FRAMES_PER_SECOND };
    stream = new MediaStream([drawPicture({ userID, userName }, format)]);
    streams.set(userID, stream);
  }
  return stream;
}

let screenStream: MediaStream | undefined;

/** A drawn document. */
function sharedScreen(): MediaStream {
  if (screenStream) return screenStream;
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [960, 600];
  const context = canvas.getContext('2d');
  const draw = (): void => {
    if (!context) return;
    context.fillStyle = '#fff';
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.fillStyle = '#2458e6';
    context.fillRect(80, 70, 380, 26);
    context.fillStyle = '#4b5365';
    for (let line = 0; line < 13; line++) {
      context.fillRect(80, 130 + line * 32, 800 - ((line * 137) % 300), 11);
    }
  };
  draw();
  setInterval(draw, 1_000 / FRAMES_PER_SECOND);
  screenStream = canvas.captureStream(FRAMES_PER_SECOND);
  return screenStream;
}

/** What differs from a call in which everybody has a microphone and, in a video call, a camera. */
export interface Script {
  readonly status?: CallSnapshot['status'];
  readonly endReason?: CallSnapshot['endReason'];
  readonly callType?: CallType;
  /** The number of other members in the call, or invited while it rings. */
  readonly others?: number;
  /** States of further invited members. */
  readonly waiting?: readonly MemberState[];
  /** The state of the callees of an outgoing call. */
  readonly calleeState?: MemberState;
  readonly local?: Partial<LocalMediaSnapshot>;
  /** What differs for the first other member. */
  readonly first?: Partial<Member>;
  /** The first other member shares a screen. */
  readonly screen?: boolean;
  /** Custom data of the answer of the first callee. */
  readonly answer?: string;
  readonly silenced?: boolean;
}

/** A service without a network, whose stores follow a script. */
export class ScriptedService extends FakeService {
  /** Shows the call of a script, with pictures and sound levels. */
  play(script: Script): void {
    const { status = 'active', callType = 'video', others = 1, waiting = [] } = script;
    const invited = people.slice(0, others + waiting.length);
    const caller = status === 'incoming' ? ben : this.user;
    const camera = callType === 'video';
    const unanswered = /^(declined|busy|timeout)$/.test(script.endReason ?? '');
    const started = /^(active|reconnecting|ended)$/.test(status) && !unanswered;
    const talks = started || status === 'connecting';
    const members = invited.map((user, index): Member => {
      const open = index >= others ? waiting[index - others] : undefined;
      const state = open ?? (talks || user === caller ? 'accepted' : script.calleeState);
      const joined = talks && !open;
      return member(user, state ?? 'ringing', {
        ...{ microphone: joined && index !== 2, camera: joined && camera && index !== 3 },
        ...(index === 0 && { customData: script.answer ?? '', screen: !!script.screen }),
        ...(index === 0 && script.first),
      });
    });
    const self = member(this.user, status === 'incoming' ? 'ringing' : 'accepted', {
      ...{ self: true, microphone: talks, camera: talks && camera },
    });
    this.show({
      ...{ status, callType, initiator: caller, members: [self, ...members] },
      ...{ group: members.length > 1, silenced: !!script.silenced },
      inviter: status === 'incoming' ? ben : undefined,
      endReason: status === 'ended' ? (script.endReason ?? 'hung-up') : undefined,
      startedAt: started ? Date.now() - DURATION_MS : undefined,
    });
    this.$localMedia.set({
      ...{ stream: camera ? pictureOf(this.user) : undefined, screen: undefined },
      ...{ microphone: 'on', camera: camera ? 'on' : 'off' },
      ...script.local,
    });
    const media = members.filter(({ state }) => talks && state === 'accepted');
    this.$remoteMedia.set(
      new Map(
        media.map(({ camera, picturePaused, screen, ...user }): [string, RemoteMediaSnapshot] => [
          user.userID,
          {
            stream: camera || picturePaused ? pictureOf(user) : undefined,
            screen: screen ? sharedScreen() : undefined,
          },
        ]),
      ),
    );
    this.currentLevels = new Map([[ben.userID, 0.3]]);
  }

  override async setMicrophone(on: boolean): Promise<void> {
    await super.setMicrophone(on);
    this.$localMedia.set({ ...this.$localMedia.get(), microphone: on ? 'on' : 'off' });
  }

  override async setCamera(on: boolean): Promise<void> {
    await super.setCamera(on);
    const stream = on ? pictureOf(this.user) : undefined;
    this.$localMedia.set({ ...this.$localMedia.get(), camera: on ? 'on' : 'off', stream });
  }

  /** The own picture, for previews. */
  get ownPicture(): MediaStream {
    return pictureOf(this.user);
  }

  override async preview(
    changed: (media: LocalMediaSnapshot) => void,
  ): ReturnType<FakeService['preview']> {
    const media: LocalMediaSnapshot = {
      ...{ stream: this.ownPicture, screen: undefined },
      microphone: 'on',
      camera: 'on',
    };
    queueMicrotask(() => changed(media));
    return { ...(await super.preview(changed)), level: () => 0.35 };
  }
}
