/// <reference types="mocha" />
import { expect } from '@open-wc/testing';
import { end, PromptedDevices } from '../../../test/support/call-media.js';
import type { MediaFault } from '../ports/media.js';
import { ScreenCapture } from './screen-capture.js';

describe('ScreenCapture', () => {
  let devices: PromptedDevices;
  let screen: ScreenCapture;
  let faults: MediaFault[];
  let changes: number;

  beforeEach(() => {
    devices = new PromptedDevices();
    devices.shown = { surface: 'browser', sound: true };
    faults = [];
    changes = 0;
    screen = new ScreenCapture({
      mediaDevices: () => devices,
      changed: () => (changes += 1),
      fault: (fault) => faults.push(fault),
    });
  });
  afterEach(() => {
    screen.close();
    expect(devices.live, 'live tracks').to.equal(0);
  });

  it('does not offer the tab of this page, nor sound that contains the call', async () => {
    await screen.set(true);
    const [request] = devices.screenRequests;
    expect(request).to.deep.include({
      preferCurrentTab: false,
      selfBrowserSurface: 'exclude',
      // Chromium removes the sound of this page from that of the system.
      systemAudio: 'include',
      windowAudio: 'window',
    });
    expect(request?.audio).to.deep.include({ restrictOwnAudio: true, echoCancellation: false });
    await screen.set(false);
    devices.getSupportedConstraints = () => ({});
    await screen.set(true);
    expect(devices.screenRequests[1]).to.deep.include({ systemAudio: 'exclude' });
    expect(devices.screenRequests[1]?.audio).not.to.have.property('restrictOwnAudio');
  });

  it('has the sound of a tab, and describes what is shared', async () => {
    expect(screen.shared).to.equal(undefined);
    await screen.set(true);
    expect(screen.sound?.kind).to.equal('audio');
    expect(screen.shared).to.deep.equal({ surface: 'browser', sound: true, paused: false });
    expect(screen.picture?.contentHint).to.equal('detail');
    expect(screen.shared, 'the same object while nothing changes').to.equal(screen.shared);
    await screen.set(false);
    expect(screen.shared).to.equal(undefined);
    expect(devices.live).to.equal(0);
  });

  for (const surface of ['monitor', 'window', undefined]) {
    it(`has the sound of a ${surface ?? 'surface of unknown kind'} only without that of this page`, async () => {
      devices.shown = { ...(surface && { surface }), sound: true, isFiltered: false };
      await screen.set(true);
      expect(screen.sound).to.equal(undefined);
      expect(screen.shared).to.deep.equal({ surface, sound: false, paused: false });
      expect(devices.live).to.equal(1);
      await screen.set(false);
      devices.shown.isFiltered = true;
      await screen.set(true);
      expect(screen.shared).to.deep.equal({ surface, sound: true, paused: false });
    });
  }

  it('asks for no sound if the page wants none, and takes the hint of the page', async () => {
    await screen.set(true, { sound: false, contentHint: 'motion' });
    expect(devices.screenRequests[0]).to.deep.include({ audio: false, systemAudio: 'exclude' });
    expect(screen.picture?.contentHint).to.equal('motion');
    expect(screen.shared?.sound).to.equal(false);
  });

  it('pauses and continues; a new screen is not paused', async () => {
    screen.pause(true);
    expect(changes).to.equal(0);
    await screen.set(true);
    changes = 0;
    screen.pause(true);
    screen.pause(true);
    expect(changes).to.equal(1);
    expect(screen.shared?.paused).to.equal(true);
    expect(screen.sound?.enabled).to.equal(false);
    screen.pause(false);
    expect(screen.shared?.paused).to.equal(false);
    expect(screen.sound?.enabled).to.equal(true);
    screen.pause(true);
    await screen.set(false);
    await screen.set(true);
    expect(screen.shared?.paused).to.equal(false);
    expect(screen.sound?.enabled).to.equal(true);
  });

  it('ends with its picture, and continues without its sound', async () => {
    await screen.set(true);
    end(screen.sound);
    expect(screen.shared).to.deep.equal({ surface: 'browser', sound: false, paused: false });
    await screen.set(false);
    await screen.set(true);
    end(screen.picture);
    expect(screen.shared).to.equal(undefined);
    expect(devices.live).to.equal(0);
  });

  it('drops the sound when the user shares something else that contains the call', async () => {
    await screen.set(true);
    Object.assign(screen.picture!, { getSettings: () => ({ displaySurface: 'monitor' }) });
    screen.picture?.dispatchEvent(new Event('configurationchange'));
    expect(screen.shared).to.deep.equal({ surface: 'monitor', sound: false, paused: false });
    expect(devices.live).to.equal(1);
  });

  it('shares without sound the next time, if the sound could not be opened', async () => {
    devices.shown.sound = 'failing';
    await screen.set(true);
    expect(faults.map(({ kind, name }) => `${kind} ${name}`)).to.deep.equal([
      'screen NotReadableError',
    ]);
    await screen.set(true);
    expect(screen.shared).to.deep.equal({ surface: 'browser', sound: false, paused: false });
    expect(faults).to.have.length(1);
  });

  it('releases a screen that is selected after sharing has ended', async () => {
    const answer = devices.hold('video');
    const sharing = screen.set(true);
    screen.close();
    answer();
    await sharing;
    expect(devices.issued).to.have.length(2);
  });
});
