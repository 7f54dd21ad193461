/** The process of the people who are real browser pages (`swarm.ts`). */
import { runSwarmProcess } from '../../swarm/process.ts';
import { browserConfigSchema } from './config.ts';
import { openBrowserSwarm } from './swarm.ts';

runSwarmProcess(browserConfigSchema, openBrowserSwarm);
