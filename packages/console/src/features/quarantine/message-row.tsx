import { Button } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { useId, useMemo, useState } from 'react'
import type { ReactNode } from 'react'
import { formatAge } from '../../format/age.ts'
import { formatInstant } from '../../format/civil-time.ts'
import { useTexts } from '../../i18n/use-texts.ts'
import { AskButton } from '../../page/ask-button.tsx'
import { euiIn, toPayload } from './payload.ts'
import { ruleAdvice, ruleWords } from './rule-words.ts'
import type { Quarantined } from './use-quarantine.ts'
import page from '../../page/page.module.css'
import classes from './quarantine.module.css'

type MessageRowProps = {
  readonly message: Quarantined
  readonly now: number
  readonly timeZone: string
  readonly isBusy: boolean
  readonly onProvision: (deviceId: string) => void
  readonly onReplay: () => void
  readonly onDiscard: () => void
}

/** One quarantined message: who sent it, which rule refused it and what helps, and what it carried as text and as hex. */
export function MessageRow({ message, now, timeZone, isBusy, onProvision, onReplay, onDiscard }: MessageRowProps): ReactNode {
  const { t, language } = useTexts()
  const [isOpen, setIsOpen] = useState(false)
  const payloadId = useId()
  const payload = useMemo(() => toPayload(message.payload), [message.payload])
  // A network server speaks for its devices: whose message it is stands in the payload.
  const deviceId = message.deviceId === '' ? (euiIn(payload.text) ?? '') : message.deviceId
  const device = deviceId === '' ? '–' : deviceId
  const receivedMs = message.receivedAt / 1000
  const preview = payload.text ?? payload.hexLines[0]?.slice(6) ?? ''
  return (
    <tr data-message={message.key} data-rule={message.rule}>
      <th scope="row">
        <span className={page.id}>{device}</span>
        <span className={page.small}>
          {message.apiKey === '' ? message.transport : t('quarantine.by', { key: message.apiKey, transport: message.transport })}
          {message.attribute !== undefined && ` · ${message.attribute}`}
        </span>
      </th>
      <td>
        <strong>{ruleWords(message.rule, t)}</strong>
        <span className={page.small}>{message.detail}</span>
        <span className={page.small}>{ruleAdvice(message.rule, t)}</span>
      </td>
      <td>
        <code className={classes.preview}>{preview.slice(0, 80)}</code>
        <Button size="compact-xs" variant="subtle" aria-expanded={isOpen} aria-controls={payloadId} onClick={() => setIsOpen(!isOpen)}>
          {t('quarantine.bytes', { count: payload.byteCount })}
          <span className="srOnly">. {t('quarantine.showPayload', { device })}</span>
        </Button>
        <div id={payloadId} hidden={!isOpen}>
          {isOpen && (
            <dl className={classes.payload}>
              <dt>{t('quarantine.asText')}</dt>
              <dd>{payload.text === null ? t('quarantine.noText') : <pre tabIndex={0}>{payload.text}</pre>}</dd>
              <dt>{t('quarantine.asHex')}</dt>
              <dd>
                <pre tabIndex={0}>{payload.hexLines.join('\n')}</pre>
                {payload.isCut && t('quarantine.cut')}
              </dd>
            </dl>
          )}
        </div>
      </td>
      <td data-label={t('quarantine.received')}>
        <time dateTime={new Date(receivedMs).toISOString()} title={formatInstant(receivedMs, language, timeZone, true)}>
          {formatAge(receivedMs, now, language)}
        </time>
        <span className={page.small}>{t('quarantine.tries', { count: message.tries })}</span>
      </td>
      <td>
        <div className={page.rowActions}>
          {message.rule === 'unknown-device' && deviceId !== '' && (
            <Button size="compact-sm" variant="default" aria-label={t('quarantine.provisionOne', { device })} onClick={() => onProvision(deviceId)}>
              {t('quarantine.provision')}
            </Button>
          )}
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconRefresh size={14} />}
            disabled={isBusy}
            aria-label={t('quarantine.replayOne', { device })}
            onClick={onReplay}
          >
            {t('quarantine.replay')}
          </Button>
          <AskButton
            text={t('quarantine.discard')}
            label={t('quarantine.discardOne', { device })}
            question={t('quarantine.reallyDiscard')}
            isBusy={isBusy}
            onConfirm={onDiscard}
          />
        </div>
      </td>
    </tr>
  )
}
