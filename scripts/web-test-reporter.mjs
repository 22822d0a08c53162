import { writeFileSync } from 'node:fs';

/**
 * @typedef {{ passed: number, failed: number }} Counts
 * @typedef {import('@web/test-runner').TestSession} Session
 */

/**
 * @param {Pick<import('@web/test-runner').TestSuiteResult, 'tests' | 'suites'>} suite
 * @returns {Counts}
 */
function count(suite) {
  const own = suite.tests.reduce(
    (sum, test) => ({
      passed: sum.passed + (test.passed && !test.skipped ? 1 : 0),
      // A skipped test counts as failed.
      failed: sum.failed + (test.passed && !test.skipped ? 0 : 1),
    }),
    { passed: 0, failed: 0 },
  );
  return suite.suites.map(count).reduce(add, own);
}

/**
 * @param {Counts} a
 * @param {Counts} b
 */
const add = (a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed });

/** @param {Session} session */
function countSession(session) {
  const counted =
    session.testResults === undefined ? { passed: 0, failed: 0 } : count(session.testResults);
  // A file that did not load, or failed outside of its tests, counts as one failure.
  return session.passed || counted.failed > 0 ? counted : { ...counted, failed: 1 };
}

/**
 * Writes `{ passed, failed }` of a run of @web/test-runner to the file in RESULT_FILE.
 * @returns {import('@web/test-runner').Reporter}
 */
export function resultReporter() {
  return {
    onTestRunFinished({ sessions }) {
      const file = process.env.RESULT_FILE;
      if (file === undefined) return;
      const sum = sessions.map(countSession).reduce(add, { passed: 0, failed: 0 });
      writeFileSync(file, JSON.stringify(sum));
    },
  };
}
