import { ActionIcon, Button } from '@mantine/core'
import { IconAlertTriangle, IconMapPin, IconX } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import type { ReactNode } from 'react'
import { attributesOf, instancesOf, labelOf, positionOf, typeOf } from '../../api/entity.ts'
import type { EntityDocument, NamedAttribute } from '../../api/entity.ts'
import type { TimeChoice } from '../../api/time-choice.ts'
import { formatAge } from '../../format/age.ts'
import { useNow } from '../../format/use-now.ts'
import { useTexts } from '../../i18n/use-texts.ts'
import { AttributeRow } from './attribute-row.tsx'
import { DayChart } from './day-chart.tsx'
import { useEntity } from './use-entity.ts'
import classes from './entity.module.css'

/** What the panel shows and tells. */
export type EntityPanelProps = {
  readonly tenant: string | null
  readonly id: string
  readonly type: string
  readonly time: TimeChoice
  readonly timeZone: string
  /** Attribute chosen for the chart, and the one the layer shows where none is. */
  readonly chart: string | null
  readonly layerAttribute: string | null
  readonly theme: 'light' | 'dark'
  readonly onChart: (attribute: string) => void
  readonly onShowPlace: (lon: number, lat: number) => void
  readonly onSelect: (id: string, type: string) => void
  /** Null where the panel is part of a page. */
  readonly onClose: (() => void) | null
  /** What can be done with the entity, given by other features. */
  readonly actions?: (entity: EntityDocument) => ReactNode
}

/** Everything the city knows of one entity, each value with unit, age and source, and a day of one attribute. */
export function EntityPanel(props: EntityPanelProps): ReactNode {
  const { t, language, word, reason } = useTexts()
  const query = useEntity(props.tenant, props.id, props.type, props.time)
  const heading = useRef<HTMLHeadingElement>(null)
  const entity = query.data ?? null
  const isPartOfPage = props.onClose === null
  useEffect(() => {
    // Newer browsers answer a promise, which an effect must not.
    if (!isPartOfPage) heading.current?.scrollIntoView({ block: 'nearest' })
  }, [props.id, isPartOfPage])
  return (
    <section className={classes.panel} aria-labelledby="entity-title" id="entity" tabIndex={-1}>
      <header className={classes.header}>
        <div className={classes.heading}>
          <h2 id="entity-title" ref={heading} className={classes.title}>
            {entity === null ? t('entity.title') : labelOf(entity, language)}
          </h2>
          <p className={classes.subtitle}>{word(entity === null ? props.type : typeOf(entity))}</p>
        </div>
        {props.onClose !== null && (
          <ActionIcon variant="subtle" color="gray" aria-label={t('entity.close')} onClick={props.onClose}>
            <IconX size={18} />
          </ActionIcon>
        )}
      </header>
      {query.isPending && <p className={classes.note}>{t('entity.loading')}</p>}
      {query.isError && entity === null && (
        <p className={classes.note} role="alert">
          {t('entity.failed', { reason: reason(query.error) })}
        </p>
      )}
      {query.isSuccess && entity === null && <p className={classes.note}>{t('entity.gone')}</p>}
      {entity !== null && <EntityBody {...props} entity={entity} />}
    </section>
  )
}

function EntityBody(props: EntityPanelProps & { readonly entity: EntityDocument }): ReactNode {
  const { t, language } = useTexts()
  const { entity, time } = props
  const ticking = useNow(1_000)
  const now = time.mode === 'live' ? ticking : time.atMs
  const attributes = attributesOf(entity).toSorted((a, b) => rankOf(a) - rankOf(b))
  const position = positionOf(entity)
  const isPossible = position !== null && Math.abs(position.lon) <= 180 && Math.abs(position.lat) <= 90
  const charted = chartedAttribute(entity, [props.chart, props.layerAttribute])
  const source = sourceOf(entity)
  return (
    <div className={classes.body}>
      <div className={classes.actions}>
        {isPossible && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconMapPin size={15} />}
            onClick={() => props.onShowPlace(position.lon, position.lat)}
          >
            {t('entity.zoomTo')}
          </Button>
        )}
        {position !== null && !isPossible && (
          <p className={classes.flaw}>
            <IconAlertTriangle size={14} aria-hidden /> {t('entity.impossible', { lon: position.lon, lat: position.lat })}
          </p>
        )}
      </div>
      {props.actions?.(entity)}
      {charted !== null && (
        <DayChart
          key={`${entity.id} ${charted}`}
          tenant={props.tenant}
          id={entity.id}
          attribute={charted}
          unitCode={instancesOf(entity[charted])[0]?.unitCode}
          newest={instancesOf(entity[charted])[0]?.observedAt ?? null}
          time={time}
          timeZone={props.timeZone}
          theme={props.theme}
        />
      )}
      <table className={classes.attributes}>
        <caption className="srOnly">{t('entity.attributes')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('entity.attribute')}</th>
            <th scope="col">{t('entity.value')}</th>
            <th scope="col">{t('entity.age')}</th>
          </tr>
        </thead>
        <tbody>
          {attributes.flatMap(({ name, instances }) =>
            instances.map((instance) => (
              <AttributeRow
                key={`${name} ${instance.datasetId ?? ''}`}
                name={name}
                instance={instance}
                entitySource={source}
                now={now}
                timeZone={props.timeZone}
                isCharted={name === charted}
                onChart={() => props.onChart(name)}
                onSelect={props.onSelect}
              />
            )),
          )}
        </tbody>
      </table>
      <dl className={classes.facts}>
        <dt>{t('entity.id')}</dt>
        <dd className={classes.id}>{entity.id}</dd>
        {(['created', 'modified'] as const).map((event) => {
          const at = entity[`${event}At`]
          // As true, an entity can have been written down later than the moment shown.
          return typeof at === 'string' && Date.parse(at) <= now ? (
            <div key={event} className={classes.fact}>
              <dt>{t(`entity.${event}`)}</dt>
              <dd>{formatAge(Date.parse(at), now, language)}</dd>
            </div>
          ) : null
        })}
      </dl>
    </div>
  )
}

/** The first wish that has numbers, else the first attribute with a number that was observed, else with any number. */
function chartedAttribute(entity: EntityDocument, wishes: readonly (string | null)[]): string | null {
  const numeric = attributesOf(entity).filter(({ instances }) => instances.some((instance) => typeof instance.value === 'number'))
  const wish = wishes.find((name) => numeric.some((attribute) => attribute.name === name))
  const observed = numeric.find(({ instances }) => instances.some((instance) => instance.observedAt !== undefined))
  return wish ?? observed?.name ?? numeric[0]?.name ?? null
}

/** What was observed comes first, then other numbers, then the rest, each in the order of the document. */
function rankOf({ instances }: NamedAttribute): number {
  if (instances.some((instance) => instance.observedAt !== undefined)) return 0
  return instances.some((instance) => typeof instance.value === 'number') ? 1 : 2
}

/** Where the entity's values come from, unless an attribute says otherwise. */
function sourceOf(entity: EntityDocument): string | null {
  for (const name of ['dataProvider', 'source', 'owner']) {
    const value = instancesOf(entity[name])[0]?.value
    if (typeof value === 'string') return value
  }
  return null
}
