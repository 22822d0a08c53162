import { parentPort, workerData } from 'node:worker_threads';
import { machine } from './machine.js';
import { tally } from './report.js';
import type { PresetName } from './schedule.js';

/** The part of the schedules that one thread runs. */
export interface Share {
  readonly preset: PresetName;
  readonly from: number;
  readonly count: number;
  readonly attacks: boolean;
}

const { preset, from, count, attacks } = workerData as Share;
parentPort?.postMessage(tally(preset, from, count, machine, attacks));
