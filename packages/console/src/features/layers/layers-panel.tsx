import { ActionIcon, Button, Checkbox, NativeSelect, Tooltip } from '@mantine/core'
import { IconAlertTriangle, IconFocusCentered, IconList } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { formatCount } from '../../format/numbers.ts'
import { useTexts } from '../../i18n/use-texts.ts'
import { placementOf } from '../../layer/layer-rows.ts'
import { lookOf, rampOf } from '../../layer/layer-look.ts'
import type { Theme } from '../../layer/layer-look.ts'
import { groupByService } from '../../layer/services.ts'
import { ShapeIcon } from '../../layer/shape-icon.tsx'
import { useRowsVersion } from '../../layer/use-layers.ts'
import type { Layer, LayerSummary } from '../../layer/use-layers.ts'
import { Legend } from './legend.tsx'
import classes from './layers.module.css'

/** What the panel shows and what may be done there. */
export type LayersPanelProps = {
  readonly summaries: readonly LayerSummary[]
  readonly layers: readonly Layer[]
  readonly listed: string | null
  readonly theme: Theme
  readonly isLoading: boolean
  readonly error: unknown
  readonly onToggle: (type: string, isOn: boolean) => void
  readonly onToggleAll: (isOn: boolean) => void
  readonly onList: (type: string) => void
  readonly onFit: (type: string) => void
  readonly onColour: (type: string, attribute: string) => void
}

/** All entity types as layers, by service: on or off, count, legend, list twin. */
export function LayersPanel(props: LayersPanelProps): ReactNode {
  const { t, reason } = useTexts()
  const { summaries, layers } = props
  const types = summaries.map((summary) => summary.type)
  const groups = groupByService(summaries)
  return (
    <section className={classes.panel} aria-labelledby="layers-title" id="layers" tabIndex={-1}>
      <header className={classes.header}>
        <h2 id="layers-title">{t('layers.title')}</h2>
        {summaries.length > 1 && (
          <Button.Group>
            <Button size="compact-xs" variant="default" onClick={() => props.onToggleAll(true)}>
              {t('layers.showAll')}
            </Button>
            <Button size="compact-xs" variant="default" onClick={() => props.onToggleAll(false)}>
              {t('layers.hideAll')}
            </Button>
          </Button.Group>
        )}
      </header>
      {props.error !== null && summaries.length === 0 && <p role="alert">{t('layers.failed', { reason: reason(props.error) })}</p>}
      {props.isLoading && <p className="muted">{t('layers.loading')}</p>}
      {!props.isLoading && props.error === null && summaries.length === 0 && (
        <div className={classes.empty}>
          <strong>{t('layers.none')}</strong>
          <p className="muted">{t('layers.noneHint')}</p>
        </div>
      )}
      {groups.map(({ service, items }) => (
        <div key={service} className={classes.group}>
          {groups.length > 1 && <h3 className={classes.service}>{t(`services.${service}`)}</h3>}
          <ul className={classes.layers}>
            {items.map((summary) => (
              <LayerItem
                key={summary.type}
                summary={summary}
                layer={layers.find((layer) => layer.type === summary.type) ?? null}
                types={types}
                panel={props}
              />
            ))}
          </ul>
        </div>
      ))}
    </section>
  )
}

type LayerItemProps = {
  readonly summary: LayerSummary
  readonly layer: Layer | null
  readonly types: readonly string[]
  readonly panel: LayersPanelProps
}

function LayerItem({ summary, layer, types, panel }: LayerItemProps): ReactNode {
  const { t, language, word, reason } = useTexts()
  useRowsVersion(layer?.rows ?? null, 1_000)
  const { type } = summary
  const look = lookOf(type, types)
  const name = word(type)
  const rows = layer?.rows ?? null
  const count = rows?.rows.size ?? summary.count
  return (
    <li className={classes.layer} data-on={layer !== null} data-layer={type}>
      <div className={classes.row}>
        <Checkbox
          className={classes.check}
          checked={layer !== null}
          onChange={(event) => panel.onToggle(type, event.currentTarget.checked)}
          aria-label={t('layers.show', { layer: name })}
          label={
            <span className={classes.name} title={type}>
              <ShapeIcon shape={look.shape} colour={rampOf(look.hue, panel.theme)[2] ?? null} />
              {name}
            </span>
          }
        />
        <span className={classes.count} title={count === null ? undefined : t('layers.count', { count })} data-count={count ?? ''}>
          {count === null ? '…' : formatCount(count, language)}
        </span>
        {rows !== null && (
          <Tooltip label={t('layers.fit', { layer: name })}>
            <ActionIcon variant="subtle" color="gray" aria-label={t('layers.fit', { layer: name })} onClick={() => panel.onFit(type)}>
              <IconFocusCentered size={17} />
            </ActionIcon>
          </Tooltip>
        )}
        <Tooltip label={t('layers.asListOf', { layer: name })}>
          <ActionIcon
            variant={panel.listed === type ? 'filled' : 'subtle'}
            color={panel.listed === type ? 'cyan' : 'gray'}
            aria-label={t('layers.asListOf', { layer: name })}
            aria-pressed={panel.listed === type}
            onClick={() => panel.onList(type)}
          >
            <IconList size={17} />
          </ActionIcon>
        </Tooltip>
      </div>
      {layer !== null && layer.error !== null && <p role="alert">{t('list.failed', { layer: name, reason: reason(layer.error) })}</p>}
      {rows !== null && (
        <div className={classes.body}>
          {rows.attributes.length > 0 && (
            <NativeSelect
              size="xs"
              aria-label={t('layers.coloursOf', { layer: name })}
              value={rows.attribute ?? ''}
              onChange={(event) => panel.onColour(type, event.currentTarget.value)}
              data={rows.attributes.map((attribute) => ({ value: attribute, label: word(attribute) }))}
            />
          )}
          <Legend rows={rows} look={look} theme={panel.theme} />
          <Flaws rows={[...rows.rows.values()].map(placementOf)} />
        </div>
      )}
    </li>
  )
}

/** Entities of a layer that the map cannot show, said where the layer is. */
function Flaws({ rows }: { readonly rows: readonly ('placed' | 'nowhere' | 'impossible')[] }): ReactNode {
  const { t } = useTexts()
  const impossible = rows.filter((placement) => placement === 'impossible').length
  const nowhere = rows.filter((placement) => placement === 'nowhere').length
  if (impossible + nowhere === 0) return null
  return (
    <p className={classes.flaws}>
      <IconAlertTriangle size={14} aria-hidden />
      {[impossible > 0 ? t('layers.impossible', { count: impossible }) : '', nowhere > 0 ? t('layers.nowhere', { count: nowhere }) : '']
        .filter((part) => part !== '')
        .join(' · ')}
    </p>
  )
}
