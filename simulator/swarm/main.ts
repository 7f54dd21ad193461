/** A process of the crowd for the bodies signal, webrtc and rtp: `node simulator/swarm/main.ts <config.json>`. */
import { swarmConfigSchema } from './config.ts';
import { runSwarmProcess } from './process.ts';
import { openSwarm } from './swarm.ts';

runSwarmProcess(swarmConfigSchema, openSwarm);
