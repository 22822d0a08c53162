import type { Machine } from './device.js';
import { run, type Outcome } from './run.js';
import type { Schedule } from './schedule.js';
import type { Violation } from './event-loop.js';

/** Violations that count even if the attacker sends only messages that it is allowed to send. */
const ALWAYS = /^(liar-|exception|livelock|impure|media-before-accept|camera-without-consent)/;

/** Violations that the attacker causes on its own links. */
const OWN_LINKS = /^(two-offers|two-initiators|unlinked-late)$/;

/** It signals with a number so high that later offers of its own page are outdated: the two pages stay unlinked. */
function isOwnLink({ kind, detail }: Violation, liar: string): boolean {
  if (OWN_LINKS.test(kind)) return true;
  // `<time> <page> <call> <other page>`
  const [, page = '', , other = ''] = detail.split(' ');
  return kind === 'unlinked' && [page, other].some((device) => device.startsWith(liar));
}

/**
 * What the attacker makes its own pages believe: it reports that it has declined after its invitation has ended, so that
 * they report no missed call or take it back, or makes the caller tell them that the call is over before its other page does.
 */
const isOfOwnPages = ({ kind, detail }: Violation, liar: string): boolean =>
  // `<time> <page> <call>`
  /^(missed-not-reported|unmissed-unanswered|ends-differ)$/.test(kind) &&
  detail.split(' ')[1]?.startsWith(liar) === true;

/**
 * Runs a schedule. With an attacker, it runs twice: first without its false messages. The honest users must see the
 * same both times, because messages without authority must have no effect.
 */
export function examine(
  schedule: Schedule,
  machine: Machine,
  options: { trace?: boolean } = {},
): Outcome {
  if (!schedule.liar) return run(schedule, machine, options);
  const honest = run(schedule, machine);
  const { user, wild } = schedule.liar;
  const attacked = run(schedule, machine, { ...options, honest: honest.observations, wild });
  if (wild) {
    return { ...attacked, violations: attacked.violations.filter(({ kind }) => ALWAYS.test(kind)) };
  }
  const difference =
    attacked.observations && honest.observations?.difference(attacked.observations);
  const violations: readonly Violation[] = [
    // Without false messages, no invariant may be violated at all.
    ...honest.violations.map(({ kind, detail }) => ({ kind: `honest-${kind}`, detail })),
    ...(difference ? [difference] : []),
    ...attacked.violations.filter(
      (violation) =>
        !isOwnLink(violation, user) &&
        !isOfOwnPages(violation, user) &&
        !honest.violations.some(({ kind }) => kind === violation.kind),
    ),
  ];
  return { ...attacked, violations };
}
