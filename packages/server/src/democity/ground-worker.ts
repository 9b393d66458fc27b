import { workerData } from 'node:worker_threads'
import { generateCity } from './generate-city.ts'
import { writeGround } from './ground-files.ts'

const { devices, directory, seed } = workerData as { readonly seed: number; readonly devices: number; readonly directory: string }
const city = generateCity(seed, devices)
await writeGround(city.drawGround(), city.name, directory)
