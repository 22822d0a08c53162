import { expect } from '@open-wc/testing';
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { RingController } from './ring-controller.js';

describe('RingController', () => {
  function host(): ReactiveControllerHost & { controllers: ReactiveController[] } {
    const controllers: ReactiveController[] = [];
    return {
      controllers,
      addController: (controller) => controllers.push(controller),
      removeController: () => {},
      requestUpdate: () => {},
      updateComplete: Promise.resolve(true),
    };
  }

  it('plays the sound of the page within the same update, without loading code first', () => {
    const played: string[] = [];
    const { play } = HTMLMediaElement.prototype;
    HTMLMediaElement.prototype.play = function () {
      played.push(this.src);
      return new Promise(() => {});
    };
    const element = host();
    const ring = new RingController(element, 'incoming');
    try {
      ring.set(true, 'data:audio/wav,');
      expect(played).to.deep.equal(['data:audio/wav,']);
      // It rings already.
      ring.set(true, 'data:audio/wav,');
      expect(played).to.have.length(1);
      ring.set(true, false);
      ring.set(true, 'data:audio/wav,');
      expect(played).to.have.length(2);
    } finally {
      for (const controller of element.controllers) controller.hostDisconnected?.();
      HTMLMediaElement.prototype.play = play;
    }
  });
});
