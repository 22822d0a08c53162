import { machine } from './test/simulation/machine.js';
import { machineWithout } from './test/simulation/bundle.js';
import { examine } from './test/simulation/examine.js';
import { scenario } from './test/simulation/scenarios.js';
import { switches } from './test/simulation/switches.js';
let bad = 0, doubles = 0;
for (let seed = 1; seed <= 300; seed++) {
  const s = { ...scenario('two-judges', seed), plainRelay: false };
  const { violations, log } = examine(s, machine, { trace: true });
  const refused = log.filter((l) => l.includes('refused: select')).length;
  const selects = log.filter((l) => / > select c?\w+ .*user=B/.test(l)).length;
  if (violations.length) bad++;
  if (selects > 1) doubles++;
  if (seed === 2) console.log(log.filter((l)=>Number(l.slice(0,8))>18).join("\n")); if (seed < 1) console.log(seed, { selects, refused }, violations, log.filter((l)=>/> select|refused|lost|B[12] = ended|cut off|connected/.test(l)).join('\n'));
}
console.log({ bad, doubles });
