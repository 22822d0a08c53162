import type {
  EffectState,
  MediaEffect,
  ProcessingStage,
  ProcessingStages,
  ProcessTrack,
} from '../ports/media-effects.js';
import { CallError } from './call-error.js';
import type { Stores } from './stores.js';
import type { MediaConfig } from './call-config.js';

const MAX_NAME_LENGTH = 64;

/** @returns what is wrong with an entry of `config.media.effects`; undefined if nothing is */
function problemOf(effect: unknown, earlier: readonly MediaEffect[]): string | undefined {
  const { name, kind, process } = Object(effect) as Partial<Record<keyof MediaEffect, unknown>>;
  if (typeof name !== 'string' || !name || name.length > MAX_NAME_LENGTH)
    return `name: 1 to ${MAX_NAME_LENGTH} characters`;
  if (earlier.some((other) => other.name === name)) return `name: used twice: ${name}`;
  if (kind !== 'audio' && kind !== 'video') return 'kind: audio or video';
  return typeof process === 'function' ? undefined : 'process: a function';
}

/** @returns the effect, off if an earlier one of its group is on: effects of a group exclude each other */
function onlyOneOfGroup(effect: MediaEffect, earlier: readonly MediaEffect[]): MediaEffect {
  const { group, enabled } = effect;
  const isTaken =
    enabled && group !== undefined && earlier.some((one) => one.group === group && one.enabled);
  return isTaken ? { ...effect, enabled: false } : effect;
}

type Invalid = (error: CallError) => void;

/** @returns the valid effects; the others are reported */
function readEffects(config: MediaConfig | undefined, invalid: Invalid): readonly MediaEffect[] {
  const given: unknown = config?.effects ?? [];
  if (!Array.isArray(given)) {
    invalid(new CallError('invalid-argument', 'config.media.effects: an array'));
    return [];
  }
  const effects: MediaEffect[] = [];
  for (const [index, effect] of (given as readonly unknown[]).entries()) {
    const problem = problemOf(effect, effects);
    if (problem === undefined) effects.push(onlyOneOfGroup(effect as MediaEffect, effects));
    else invalid(new CallError('invalid-argument', `config.media.effects[${index}].${problem}`));
  }
  return effects;
}

/** @returns a function of the page; one that is none is reported */
function readHook(
  config: MediaConfig | undefined,
  name: 'processAudio' | 'processVideo',
  invalid: Invalid,
): readonly ProcessingStage[] {
  const process: unknown = config?.[name];
  if (process === undefined || process === null) return [];
  if (typeof process === 'function')
    return [{ effect: undefined, hidesSource: false, process: process as ProcessTrack }];
  invalid(new CallError('invalid-argument', `config.media.${name}: a function`));
  return [];
}

interface Switch {
  readonly enabled: boolean;
  readonly failed: boolean;
}

/** The effects of the page, and their switches: the only owner of these. */
export class Effects {
  readonly #config: () => MediaConfig | undefined;
  readonly #stores: Pick<Stores, '$effects' | 'set'>;
  /** The switches that differ from the configuration, by name. */
  readonly #switches = new Map<string, Switch>();

  constructor(config: () => MediaConfig | undefined, stores: Pick<Stores, '$effects' | 'set'>) {
    this.#config = config;
    this.#stores = stores;
  }

  /** @returns what each source passes through. What is wrong with the configuration is left out, and reported */
  stages(invalid: Invalid = () => {}): ProcessingStages {
    const config = this.#config();
    const effects = readEffects(config, invalid);
    this.#publish(effects);
    const on = (kind: MediaEffect['kind']): ProcessingStage[] =>
      effects
        .filter((effect) => effect.kind === kind && this.#switchOf(effect).enabled)
        .map(({ name, hidesSource = false, process }) => ({ effect: name, hidesSource, process }));
    return {
      microphone: [...on('audio'), ...readHook(config, 'processAudio', invalid)],
      camera: [...on('video'), ...readHook(config, 'processVideo', invalid)],
    };
  }

  /**
   * Switches an effect, and others of its group off.
   * @throws {CallError} `invalid-argument` if there is none of that name
   */
  set(name: string, on: boolean): void {
    const effects = readEffects(this.#config(), () => {});
    const effect = effects.find((other) => other.name === name);
    if (!effect) throw new CallError('invalid-argument', `no effect is named ${name}`);
    const others = effects.filter(({ group }) => group !== undefined && group === effect.group);
    if (on) for (const other of others) this.#switch(other.name, false);
    this.#switch(name, on);
    this.#publish(effects);
  }

  /** Switches an effect off that does not work. @returns whether it was on */
  fail(name: string): boolean {
    const effects = readEffects(this.#config(), () => {});
    const effect = effects.find((other) => other.name === name);
    if (!effect || !this.#switchOf(effect).enabled) return false;
    this.#switch(name, false, true);
    this.#publish(effects);
    return true;
  }

  #switch(name: string, enabled: boolean, failed = false): void {
    this.#switches.set(name, { enabled, failed });
  }

  #switchOf({ name, enabled = false }: MediaEffect): Switch {
    return this.#switches.get(name) ?? { enabled, failed: false };
  }

  #publish(effects: readonly MediaEffect[]): void {
    const states = effects.map((effect): EffectState => {
      const { name, kind, label } = effect;
      return { name, kind, label, ...this.#switchOf(effect) };
    });
    const { $effects, set } = this.#stores;
    const isSame = (before: EffectState | undefined, now: EffectState): boolean =>
      before?.name === now.name &&
      before.kind === now.kind &&
      before.label === now.label &&
      before.enabled === now.enabled &&
      before.failed === now.failed;
    const shown = $effects.get();
    if (shown.length === states.length && states.every((now, at) => isSame(shown[at], now))) return;
    set($effects, states);
  }
}
