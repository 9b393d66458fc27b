import { ActionIcon, Button } from '@mantine/core'
import { IconChartLine, IconChevronLeft, IconChevronRight, IconTable } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import type { TimeChoice } from '../../api/time-choice.ts'
import { formatInstant } from '../../format/civil-time.ts'
import { formatNumber } from '../../format/numbers.ts'
import { unitSymbol } from '../../format/units.ts'
import { useNow } from '../../format/use-now.ts'
import { useTexts } from '../../i18n/use-texts.ts'
import { readEvolution } from './evolution.ts'
import type { Evolution } from './evolution.ts'
import { LineChart } from './line-chart.tsx'
import classes from './entity.module.css'

type DayChartProps = {
  readonly tenant: string | null
  readonly id: string
  readonly attribute: string
  readonly unitCode: string | undefined
  readonly newest: string | null
  readonly time: TimeChoice
  readonly timeZone: string
  readonly theme: 'light' | 'dark'
}

const dayMs = 86_400_000
const minuteMs = 60_000
const hoursADay = 24
const looksAtFirst = 10

/** Twenty-four hours of one attribute, as a line with its gaps and as a table. */
export function DayChart(props: DayChartProps): ReactNode {
  const { t, language, word, reason } = useTexts()
  const [daysBack, setDaysBack] = useState(0)
  const [isTable, setIsTable] = useState(false)
  const minute = Math.ceil(useNow(15_000) / minuteMs) * minuteMs
  const shownMs = props.time.mode === 'live' ? minute : props.time.atMs
  const newestMs = props.newest === null ? null : Date.parse(props.newest)
  const isOld = newestMs !== null && shownMs - newestMs > dayMs
  const endMs = (isOld ? Math.ceil(newestMs / minuteMs) * minuteMs : shownMs) - daysBack * dayMs
  const fromMs = endMs - dayMs
  const query = useQuery({
    // A new value is a new question: the chart follows the live stream.
    queryKey: ['evolution', props.tenant, props.id, props.attribute, endMs, props.time, daysBack === 0 ? props.newest : null],
    queryFn: ({ signal }) => readEvolution(props.tenant, props.id, props.attribute, fromMs, endMs, props.time, signal),
    placeholderData: keepPreviousData,
    gcTime: 30_000,
    // The history of a city that fills up comes behind its newest values, and no change tells of it.
    refetchInterval: ({ state }) => ((state.data?.pointCount ?? hoursADay) < hoursADay && state.dataUpdateCount < looksAtFirst ? 2_000 : false),
  })
  const evolution = query.data ?? null
  const name = word(props.attribute)
  const unit = unitSymbol(props.unitCode)
  const title = unit === '' ? name : `${name} (${unit})`
  return (
    <figure className={classes.chart} aria-label={t('chart.title', { attribute: name })} data-points={evolution?.pointCount ?? ''}>
      <figcaption className={classes.chartHead}>
        <span className={classes.chartTitle}>{t('chart.title', { attribute: title })}</span>
        <span className={classes.chartActions}>
          <ActionIcon variant="subtle" color="gray" aria-label={t('chart.earlier')} onClick={() => setDaysBack(daysBack + 1)}>
            <IconChevronLeft size={17} />
          </ActionIcon>
          <ActionIcon variant="subtle" color="gray" aria-label={t('chart.later')} disabled={daysBack === 0} onClick={() => setDaysBack(daysBack - 1)}>
            <IconChevronRight size={17} />
          </ActionIcon>
          <Button
            size="compact-xs"
            variant="default"
            leftSection={isTable ? <IconChartLine size={14} /> : <IconTable size={14} />}
            onClick={() => setIsTable(!isTable)}
          >
            {isTable ? t('chart.asChart') : t('chart.asTable')}
          </Button>
        </span>
      </figcaption>
      <p className={classes.window}>
        {t('chart.window', { from: formatInstant(fromMs, language, props.timeZone), to: formatInstant(endMs, language, props.timeZone) })}
      </p>
      {isOld && daysBack === 0 && <p className={classes.window}>{t('chart.moved')}</p>}
      <div className={classes.chartBody}>
        {query.isPending && <p className={classes.note}>{t('chart.loading')}</p>}
        {query.isError && (
          <p className={classes.note} role="alert">
            {t('chart.failed', { reason: reason(query.error) })}
          </p>
        )}
        {evolution !== null && evolution.pointCount === 0 && <p className={classes.note}>{t('chart.none')}</p>}
        {evolution !== null && evolution.pointCount > 0 && !isTable && (
          <LineChart
            evolution={evolution}
            fromMs={fromMs}
            toMs={endMs}
            timeZone={props.timeZone}
            theme={props.theme}
            label={summaryOf(evolution, (least, most, last) => t('chart.summary', { attribute: name, least, most, last }), language)}
          />
        )}
        {evolution !== null && evolution.pointCount > 0 && isTable && <ValueTable evolution={evolution} title={title} timeZone={props.timeZone} />}
      </div>
      {evolution !== null && evolution.pointCount > 0 && (
        <p className={classes.window}>
          {t('chart.points', { count: evolution.pointCount })}
          {evolution.gapCount > 0 && ` · ${t('chart.gaps', { count: evolution.gapCount })}`}
        </p>
      )}
    </figure>
  )
}

function ValueTable({ evolution, title, timeZone }: { readonly evolution: Evolution; readonly title: string; readonly timeZone: string }): ReactNode {
  const { t, language } = useTexts()
  return (
    <div className={classes.tableFrame} tabIndex={0} role="region" aria-label={title}>
      <table className={classes.values}>
        <thead>
          <tr>
            <th scope="col">{t('chart.time')}</th>
            <th scope="col">{title}</th>
          </tr>
        </thead>
        <tbody>
          {evolution.atMs
            .map((atMs, at) => ({ atMs, value: evolution.values[at] ?? null }))
            .filter((point) => point.value !== null)
            .toReversed()
            .map(({ atMs, value }) => (
              <tr key={atMs}>
                <td>{formatInstant(atMs, language, timeZone, true)}</td>
                <td>{formatNumber(value!, language)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  )
}

function summaryOf(evolution: Evolution, say: (least: string, most: string, last: string) => string, language: string): string {
  const values = evolution.values.filter((value) => value !== null)
  const number = (value: number | undefined): string => (value === undefined ? '–' : formatNumber(value, language))
  return say(number(Math.min(...values)), number(Math.max(...values)), number(values.at(-1)))
}
