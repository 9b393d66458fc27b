import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { storeContract } from '../store.contract.ts'
import { openSqliteStore } from './open-store.ts'

storeContract('sqlite', async (clock) => {
  const directory = await mkdtemp(join(tmpdir(), 'cityloop-store-'))
  // What is compared is not durability, which has tests of its own; without syncs ten thousand commits take seconds.
  const store = await openSqliteStore(directory, { clock, synchronous: 'OFF', readers: 1 })
  return {
    store,
    async close() {
      await store.close()
      await rm(directory, { recursive: true })
    },
  }
})
