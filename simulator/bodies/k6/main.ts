/** The process of the crowd that has k6 play its people: `node simulator/bodies/k6/main.ts <config.json>`. */
import { runSwarmProcess } from '../../swarm/process.ts';
import { k6ConfigSchema } from './config.ts';
import { openK6Swarm } from './swarm.ts';

runSwarmProcess(k6ConfigSchema, openK6Swarm);
