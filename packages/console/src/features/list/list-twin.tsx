import { ActionIcon, NativeSelect, TextInput } from '@mantine/core'
import { IconAlertTriangle, IconArrowDown, IconArrowUp, IconSearch, IconX } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import type { ReactNode } from 'react'
import type { TimeChoice } from '../../api/time-choice.ts'
import { formatCount } from '../../format/numbers.ts'
import { useTexts } from '../../i18n/use-texts.ts'
import { useRowsVersion } from '../../layer/use-layers.ts'
import type { Layer } from '../../layer/use-layers.ts'
import { listColumns, orderRows, orderStamp } from './order-rows.ts'
import type { ListColumn, ListOrder } from './order-rows.ts'
import { RowList } from './row-list.tsx'
import classes from './list.module.css'

/** What the list shows and tells. */
export type ListTwinProps = {
  readonly layer: Layer | null
  readonly layers: readonly Layer[]
  readonly selectedId: string | null
  readonly time: TimeChoice
  readonly onSelect: (id: string, type: string) => void
  readonly onChoose: (type: string) => void
  readonly onClose: (() => void) | null
}

/** The list twin of a layer: the same entities as on the map and those the map cannot show, for eyes, keyboard and screen reader. */
export function ListTwin(props: ListTwinProps): ReactNode {
  const { t, language, word, reason } = useTexts()
  const { layer } = props
  const [filter, setFilter] = useState('')
  const [order, setOrder] = useState<ListOrder>({ by: 'name', isDescending: false })
  const rows = layer?.rows ?? null
  useRowsVersion(rows, 1_000)
  const stamp = rows === null ? 0 : orderStamp(rows, order)
  const ids = useMemo(
    () => (rows === null ? [] : orderRows(rows.rows.values(), filter, order, language).map((row) => row.id)),
    // The rows change in place; their stamp says when the order may have.
    [rows, stamp, filter, order, language],
  )
  const name = layer === null ? t('list.title') : word(layer.type)
  const count = rows?.rows.size ?? 0
  const titleOf = (column: ListColumn): string =>
    column === 'value' && rows !== null && rows.attribute !== null ? word(rows.attribute) : t(`list.${column}`)
  return (
    <section className={classes.twin} aria-label={layer === null ? name : t('list.of', { layer: name })} id="list" tabIndex={-1}>
      <header className={classes.header}>
        <NativeSelect
          size="xs"
          aria-label={t('list.choose')}
          value={layer?.type ?? ''}
          onChange={(event) => props.onChoose(event.currentTarget.value)}
          data={props.layers.map(({ type }) => ({ value: type, label: word(type) }))}
        />
        <TextInput
          size="xs"
          className={classes.filter}
          aria-label={t('list.filter')}
          placeholder={t('list.filter')}
          leftSection={<IconSearch size={14} />}
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
        />
        <span className={classes.count} data-shown={ids.length} data-count={count}>
          {filter.trim() === '' ? t('layers.count', { count }) : t('list.shown', { shown: formatCount(ids.length, language), count })}
        </span>
        {props.onClose !== null && (
          <ActionIcon variant="subtle" color="gray" aria-label={t('list.close')} onClick={props.onClose}>
            <IconX size={17} />
          </ActionIcon>
        )}
      </header>
      {layer === null && <p className={classes.note}>{t('list.none')}</p>}
      {layer !== null && rows === null && layer.error === null && <p className={classes.note}>{t('list.loading', { layer: name })}</p>}
      {layer !== null && layer.error !== null && (
        <p className={classes.note} role="alert">
          <IconAlertTriangle size={14} aria-hidden /> {t('list.failed', { layer: name, reason: reason(layer.error) })}
        </p>
      )}
      {rows !== null && (
        <>
          <div className={classes.columns}>
            {listColumns.map((column) => (
              <button
                key={column}
                type="button"
                className={classes.sort}
                aria-pressed={order.by === column}
                aria-label={t('list.sort', { column: titleOf(column) })}
                onClick={() => setOrder({ by: column, isDescending: order.by === column ? !order.isDescending : false })}
              >
                {titleOf(column)}
                {order.by === column && (order.isDescending ? <IconArrowDown size={13} aria-hidden /> : <IconArrowUp size={13} aria-hidden />)}
              </button>
            ))}
          </div>
          {ids.length === 0 ? (
            <p className={classes.note}>{count === 0 ? t('list.empty') : t('list.emptyFilter')}</p>
          ) : (
            <RowList rows={rows} ids={ids} time={props.time} selectedId={props.selectedId} onSelect={(id) => props.onSelect(id, rows.type)} />
          )}
        </>
      )}
    </section>
  )
}
