import { readFileSync } from 'node:fs'

/** What a process has used so far: CPU time of all its threads, bytes it had written to disk, memory it holds (Linux). */
export type ProcessCost = { readonly cpuUs: number; readonly writtenBytes: number; readonly rssMiB: number }

const ticksASecond = 100

/** Reads it from /proc. */
export function costOf(pid: number): ProcessCost {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const cpuUs = ((Number(fields[11]) + Number(fields[12])) * 1_000_000) / ticksASecond
  const written = /^write_bytes: (\d+)/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1]
  const rss = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return { cpuUs, writtenBytes: Number(written ?? 0), rssMiB: Math.round(Number(rss ?? 0) / 1024) }
}
