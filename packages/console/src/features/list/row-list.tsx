import { IconAlertTriangle } from '@tabler/icons-react'
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, useState } from 'react'
import type { KeyboardEvent, ReactNode } from 'react'
import type { TimeChoice } from '../../api/time-choice.ts'
import { formatAge } from '../../format/age.ts'
import { formatNumber } from '../../format/numbers.ts'
import { useNow } from '../../format/use-now.ts'
import { useTexts } from '../../i18n/use-texts.ts'
import { placementOf } from '../../layer/layer-rows.ts'
import type { LayerRows, Row } from '../../layer/layer-rows.ts'
import classes from './list.module.css'

const rowHeightPx = 36
const pageRows = 10

type RowListProps = {
  readonly rows: LayerRows
  readonly ids: readonly string[]
  readonly time: TimeChoice
  readonly selectedId: string | null
  readonly onSelect: (id: string) => void
}

/**
 * A list of any length of which only what is in sight is in the page. One row takes the tab stop, arrows move it; it stays in the page while it has
 * the focus, so that live changes and scrolling never lose it.
 */
export function RowList({ rows, ids, time, selectedId, onSelect }: RowListProps): ReactNode {
  const { t } = useTexts()
  const frame = useRef<HTMLDivElement>(null)
  const [activeId, setActiveId] = useState<string | null>(selectedId)
  const ticking = useNow(5_000)
  // Ages are those at the moment shown.
  const now = time.mode === 'live' ? ticking : time.atMs
  const activeAt = Math.max(0, ids.indexOf(activeId ?? ''))
  const virtual = useVirtualizer({
    count: ids.length,
    getScrollElement: () => frame.current,
    estimateSize: () => rowHeightPx,
    overscan: 8,
    getItemKey: (at) => ids[at] ?? at,
    rangeExtractor: (range) => [...new Set([...defaultRangeExtractor(range), Math.min(activeAt, ids.length - 1)])].toSorted((a, b) => a - b),
  })

  const selectedAt = selectedId === null ? -1 : ids.indexOf(selectedId)
  const isSelectedIn = selectedAt >= 0
  useEffect(() => {
    if (!isSelectedIn) return
    setActiveId(selectedId)
    virtual.scrollToIndex(selectedAt, { align: 'auto' })
    // Follows the selection, not the order: live changes must not move the list under the reader.
  }, [selectedId, isSelectedIn])

  const move = (to: number): void => {
    const at = Math.min(ids.length - 1, Math.max(0, to))
    setActiveId(ids[at] ?? null)
    virtual.scrollToIndex(at, { align: 'auto' })
    requestAnimationFrame(() => frame.current?.querySelector<HTMLElement>(`[data-at="${at}"]`)?.focus())
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: pageRows, PageUp: -pageRows, Home: -ids.length, End: ids.length }
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    move(activeAt + step)
  }
  return (
    <div ref={frame} className={classes.frame}>
      <ul className={classes.rows} style={{ height: virtual.getTotalSize() }} onKeyDown={onKeyDown} aria-label={t('list.title')}>
        {virtual.getVirtualItems().map((item) => {
          const row = rows.rows.get(ids[item.index] ?? '')
          if (row === undefined) return null
          return (
            <li
              key={row.id}
              aria-setsize={ids.length}
              aria-posinset={item.index + 1}
              className={classes.item}
              style={{ height: rowHeightPx, transform: `translateY(${item.start}px)` }}
            >
              <button
                type="button"
                className={classes.rowButton}
                data-at={item.index}
                data-id={row.id}
                aria-current={row.id === selectedId}
                tabIndex={item.index === activeAt ? 0 : -1}
                onFocus={() => setActiveId(row.id)}
                onClick={() => onSelect(row.id)}
              >
                <RowCells row={row} now={now} />
              </button>
            </li>
          )
        })}
      </ul>
    </div>
  )
}

function RowCells({ row, now }: { readonly row: Row; readonly now: number }): ReactNode {
  const { t, language } = useTexts()
  const placement = placementOf(row)
  const flaw =
    placement === 'impossible'
      ? t('list.impossible', { lon: row.lon, lat: row.lat })
      : placement === 'nowhere'
        ? t('layers.nowhere', { count: 1 })
        : null
  return (
    <>
      <span className={classes.name}>
        <span className={classes.label}>{row.label}</span>
        {flaw !== null && (
          <span className={classes.flaw}>
            <IconAlertTriangle size={13} aria-hidden /> {flaw}
          </span>
        )}
      </span>
      <span className={classes.value}>{row.value === null ? '–' : formatNumber(row.value, language)}</span>
      <span className={classes.age}>{row.observedAt === null ? '–' : formatAge(Date.parse(row.observedAt), now, language)}</span>
    </>
  )
}
