import { formatInstant } from '@cityloop/ngsi-ld'
import { randomUUID } from 'node:crypto'
import type { Clock } from '#runtime/clock.ts'
import type { Dialler } from '#runtime/dialler.ts'
import type { Log } from '#runtime/log.ts'
import type { Snapshot } from './snapshot.ts'

const timeoutMs = 5000
const mostBytes = 64 * 1024

/** Tells the endpoint of a snapshot, if it has one, what has become of it (CIM 009, 5.16.6 and 5.3.4). Once: who misses it can ask. */
export async function sendSnapshotNotification(
  { clock, dialler, log }: { readonly clock: Clock; readonly dialler: Pick<Dialler, 'call'>; readonly log: Log },
  tenant: string,
  snapshot: Snapshot,
): Promise<void> {
  const { endpoint, receiverInfo = [], snapshotQueriesDetails, snapshotTemporalQueriesDetails } = snapshot
  if (endpoint === undefined) return
  const body = {
    id: `urn:ngsi-ld:Notification:${randomUUID()}`,
    type: 'SnapshotNotification',
    snapshotId: snapshot.id,
    notifiedAt: formatInstant(clock.now()),
    expiresAt: formatInstant(snapshot.expiresAt),
    snapshotPriority: snapshot.snapshotPriority,
    snapshotStatus: snapshot.snapshotStatus,
    ...(snapshotQueriesDetails === undefined ? {} : { snapshotQueriesDetails }),
    ...(snapshotTemporalQueriesDetails === undefined ? {} : { temporalSnapshotQueriesDetails: snapshotTemporalQueriesDetails }),
  }
  const headers = {
    ...Object.fromEntries(receiverInfo),
    'content-type': 'application/json',
    ...(tenant === '' ? {} : { 'NGSILD-Tenant': tenant }),
  }
  try {
    await dialler.call(endpoint, { method: 'POST', headers, body: JSON.stringify(body), timeoutMs, mostBytes })
  } catch (error) {
    log.warn('snapshot_notification_failed', { snapshot: snapshot.id, error: error instanceof Error ? error.message : String(error) })
  }
}
