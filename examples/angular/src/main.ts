import 'ringkit/define';
import { bootstrapApplication } from '@angular/platform-browser';
import { Calls } from './calls';

await bootstrapApplication(Calls);
