import { writeFileSync } from 'node:fs';

/** @typedef {import('@playwright/test/reporter').Reporter} Reporter */

/**
 * Writes `{ passed, failed }` of a run of Playwright to the file in RESULT_FILE. A test that is skipped with a reason is
 * reported and not counted; without a reason, it counts as failed.
 * @implements {Reporter}
 */
export default class ResultReporter {
  /** @type {import('@playwright/test/reporter').Suite | undefined} */
  #root;
  #errors = 0;

  /**
   * @param {import('@playwright/test/reporter').FullConfig} _config
   * @param {import('@playwright/test/reporter').Suite} suite
   */
  onBegin(_config, suite) {
    this.#root = suite;
  }

  /** A failure outside of any test. */
  onError() {
    this.#errors += 1;
  }

  onEnd() {
    const file = process.env.RESULT_FILE;
    if (file === undefined) return;
    const all = this.#root?.allTests() ?? [];
    const tests = all.filter((test) => {
      const reason = test.annotations.find(({ type }) => type === 'skip')?.description;
      if (test.outcome() !== 'skipped' || !reason) return true;
      console.log(`${test.title}: skipped, ${reason}`);
      return false;
    });
    const passed = tests.filter((test) => test.outcome() === 'expected').length;
    writeFileSync(file, JSON.stringify({ passed, failed: tests.length - passed + this.#errors }));
  }

  printsToStdio() {
    return false;
  }
}
