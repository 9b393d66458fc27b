/** The control of the power-loss runs: the server as it is, on a store that does not sync its commits. */
import { parseConfig } from '../../packages/server/src/config/config.ts'
import { runCity } from '../../packages/server/src/main/run-city.ts'
import { silent } from '../../packages/server/src/runtime/log.ts'

const city = await runCity(parseConfig(process.env), { log: silent, store: { synchronous: 'OFF' } })
console.log(`Cityloop runs at ${city.url}`)
process.once('SIGTERM', () => void city.close().then(() => process.exit(0)))
