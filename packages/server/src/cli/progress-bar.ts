import type { Io } from './io.ts'

/** A bar on the terminal; where there is none it says nothing. */
export type ProgressBar = { show(label: string, share: number): void; end(): void }

const width = 30

export function openProgressBar(io: Pick<Io, 'stderr'>, isTerminal: boolean): ProgressBar {
  let shown = ''
  return {
    show(label, share) {
      if (!isTerminal) return
      const filled = Math.round(Math.min(1, Math.max(0, share)) * width)
      const line = `[${'#'.repeat(filled)}${'.'.repeat(width - filled)}] ${String(Math.floor(Math.min(1, share) * 100)).padStart(3)} % ${label}`
      if (line === shown) return
      shown = line
      io.stderr(`\r\u001B[K${line}`)
    },
    end() {
      if (shown !== '') io.stderr('\r\u001B[K')
      shown = ''
    },
  }
}
