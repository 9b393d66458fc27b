import { ActionIcon, Button, SegmentedControl, Slider, Tooltip } from '@mantine/core'
import { IconChevronLeft, IconChevronRight, IconChevronsLeft, IconChevronsRight, IconPlayerPlayFilled } from '@tabler/icons-react'
import { useState } from 'react'
import type { FormEvent, ReactNode } from 'react'
import type { TimeChoice } from '../../api/time-choice.ts'
import { formatInstant, formatTimeOfDay, fromCivil, toCivil } from '../../format/civil-time.ts'
import { useNow } from '../../format/use-now.ts'
import { useTexts } from '../../i18n/use-texts.ts'
import classes from './time.module.css'

type TimeBarProps = { readonly time: TimeChoice; readonly timeZone: string; readonly onTime: (time: TimeChoice) => void }

const minuteMs = 60_000
const spanMinutes = 24 * 60

/** Which moment the whole screen shows: now, or a past one as known or as true. Everything the slider does, buttons and the date field do too. */
export function TimeBar({ time, timeZone, onTime }: TimeBarProps): ReactNode {
  const { t, language } = useTexts()
  const now = Math.floor(useNow(15_000) / minuteMs) * minuteMs
  const [draggedMs, setDraggedMs] = useState<number | null>(null)
  const atMs = draggedMs ?? (time.mode === 'live' ? now : time.atMs)
  const pastMode = time.mode === 'live' ? 'known' : time.mode
  const show = (ms: number): void => onTime({ mode: pastMode, atMs: Math.min(ms, Date.now()) })
  const choose = (mode: string): void => {
    if (mode === 'known' || mode === 'true') onTime({ mode, atMs: time.mode === 'live' ? now - 60 * minuteMs : time.atMs })
    else onTime({ mode: 'live' })
  }
  const hint = time.mode === 'live' ? t('time.liveHint') : time.mode === 'known' ? t('time.knownHint') : t('time.trueHint')
  const steps = [
    { label: t('time.hourBack'), minutes: -60, Icon: IconChevronsLeft },
    { label: t('time.stepBack'), minutes: -5, Icon: IconChevronLeft },
    { label: t('time.stepForward'), minutes: 5, Icon: IconChevronRight },
    { label: t('time.hourForward'), minutes: 60, Icon: IconChevronsRight },
  ]
  return (
    <section className={classes.bar} aria-label={t('time.title')} id="time" tabIndex={-1} data-mode={time.mode}>
      <div className={classes.mode}>
        <SegmentedControl
          size="xs"
          aria-label={t('time.mode')}
          value={time.mode}
          onChange={choose}
          data={[
            { value: 'live', label: t('time.live') },
            { value: 'known', label: t('time.known') },
            { value: 'true', label: t('time.true') },
          ]}
        />
        <span className={classes.hint}>{hint}</span>
      </div>
      <div className={classes.steps}>
        {steps.map(({ label, minutes, Icon }) => (
          <Tooltip key={label} label={label}>
            <ActionIcon
              variant="default"
              size={28}
              aria-label={label}
              disabled={minutes > 0 && (time.mode === 'live' || time.atMs >= now)}
              onClick={() => show(atMs + minutes * minuteMs)}
            >
              <Icon size={16} />
            </ActionIcon>
          </Tooltip>
        ))}
      </div>
      <div className={classes.slider}>
        <Slider
          size="sm"
          min={-spanMinutes}
          max={0}
          step={5}
          value={Math.max(-spanMinutes, Math.min(0, Math.round((atMs - now) / minuteMs)))}
          onChange={(minutes) => setDraggedMs(now + minutes * minuteMs)}
          onChangeEnd={(minutes) => {
            setDraggedMs(null)
            if (minutes < 0) show(now + minutes * minuteMs)
            else onTime({ mode: 'live' })
          }}
          label={(minutes) => formatTimeOfDay(now + minutes * minuteMs, language, timeZone)}
          classNames={{ markLabel: classes.mark ?? '' }}
          thumbLabel={t('time.slider')}
          thumbProps={{ 'aria-valuetext': formatInstant(atMs, language, timeZone) }}
          marks={[-24, -18, -12, -6, 0].map((hours) => ({
            value: hours * 60,
            label: hours === 0 ? t('time.now') : formatTimeOfDay(now + hours * 60 * minuteMs, language, timeZone),
          }))}
        />
      </div>
      <MomentField key={atMs} atMs={atMs} timeZone={timeZone} onMoment={show} />
      <Button
        size="compact-sm"
        className={classes.back}
        data-shown={time.mode !== 'live'}
        disabled={time.mode === 'live'}
        leftSection={<IconPlayerPlayFilled size={13} />}
        onClick={() => onTime({ mode: 'live' })}
      >
        {t('time.back')}
      </Button>
    </section>
  )
}

/** A moment to type, in ISO order whatever the browser's own habits are; taken over with Enter or when the field is left. */
function MomentField(props: { readonly atMs: number; readonly timeZone: string; readonly onMoment: (atMs: number) => void }): ReactNode {
  const { t } = useTexts()
  const shown = toCivil(props.atMs, props.timeZone).replace('T', ' ')
  const [text, setText] = useState(shown)
  const typedMs = fromCivil(text.trim().replace(' ', 'T'), props.timeZone)
  const take = (event?: FormEvent): void => {
    event?.preventDefault()
    if (text !== shown && typedMs !== null) props.onMoment(typedMs)
  }
  return (
    <form onSubmit={take}>
      <input
        className={classes.moment}
        aria-label={t('time.moment')}
        aria-invalid={typedMs === null}
        placeholder="2026-01-31 08:00"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={() => take()}
      />
    </form>
  )
}
