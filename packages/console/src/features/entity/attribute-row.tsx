import { IconChartLine } from '@tabler/icons-react'
import { Fragment } from 'react'
import type { ReactNode } from 'react'
import { contentOf, instancesOf, subAttributesOf } from '../../api/entity.ts'
import type { AttributeInstance } from '../../api/entity.ts'
import { formatAge } from '../../format/age.ts'
import { formatInstant } from '../../format/civil-time.ts'
import { unitSymbol } from '../../format/units.ts'
import { useTexts } from '../../i18n/use-texts.ts'
import { Content } from './content.tsx'
import classes from './entity.module.css'

type AttributeRowProps = {
  readonly name: string
  readonly instance: AttributeInstance
  readonly entitySource: string | null
  readonly now: number
  readonly timeZone: string
  readonly isCharted: boolean
  readonly onChart: () => void
  readonly onSelect: (id: string, type: string) => void
}

/** One attribute instance: what it says, in which unit, how old it is and who says so; numbers can be charted, the rest unfolds. */
export function AttributeRow(props: AttributeRowProps): ReactNode {
  const { t, language, word } = useTexts()
  const { name, instance, now } = props
  const label = word(name)
  const subs = subAttributesOf(instance).filter((sub) => !sourceNames.has(sub.name))
  const observed = instance.observedAt === undefined ? null : Date.parse(instance.observedAt)
  const changed = typeof instance.modifiedAt === 'string' ? Date.parse(instance.modifiedAt) : null
  const isNumber = typeof instance.value === 'number'
  const source = sourceOf(instance) ?? props.entitySource
  return (
    <tr data-attribute={name}>
      <th scope="row">
        {isNumber ? (
          <button
            type="button"
            className={`plainButton ${classes.chartButton}`}
            aria-pressed={props.isCharted}
            aria-label={t('entity.chartOf', { attribute: label })}
            onClick={props.onChart}
          >
            <span>{label}</span>
            <IconChartLine size={15} aria-hidden />
          </button>
        ) : (
          label
        )}
        <span className={classes.source} title={source ?? undefined}>
          <span className="srOnly">{t('entity.source')}: </span>
          {source ?? t('entity.noSource')}
        </span>
      </th>
      <td className={classes.valueCell} data-source={source ?? ''}>
        <Content
          value={contentOf(instance, language)}
          isLink={instance.type === 'Relationship'}
          onSelect={props.onSelect}
          timeZone={props.timeZone}
        />
        {instance.unitCode !== undefined && <span className={classes.unit}> {unitSymbol(instance.unitCode)}</span>}
        {instance.datasetId !== undefined && <span className={classes.source}>{t('entity.dataset', { id: instance.datasetId })}</span>}
        {subs.length > 0 && (
          <details className={classes.more}>
            <summary aria-label={t('entity.details', { attribute: label })}>{t('entity.members', { count: subs.length })}</summary>
            <dl>
              {subs.map((sub) => (
                <Fragment key={sub.name}>
                  <dt>{word(sub.name)}</dt>
                  {sub.instances.map((inner) => (
                    <dd key={inner.datasetId ?? ''}>
                      <Content
                        value={contentOf(inner, language)}
                        isLink={inner.type === 'Relationship'}
                        onSelect={props.onSelect}
                        timeZone={props.timeZone}
                      />
                      {inner.unitCode !== undefined && <> {unitSymbol(inner.unitCode)}</>}
                    </dd>
                  ))}
                </Fragment>
              ))}
            </dl>
          </details>
        )}
      </td>
      <td className={classes.ageCell} title={observed === null ? undefined : formatInstant(observed, language, props.timeZone, true)}>
        {observed !== null
          ? formatAge(observed, now, language)
          : changed !== null && changed <= now + clockSlackMs
            ? t('entity.changed', { age: formatAge(changed, now, language) })
            : t('entity.noTime')}
      </td>
    </tr>
  )
}

/** As true, an attribute can have been written down later than the moment shown; live, the browser's clock may be a little behind. */
const clockSlackMs = 60_000

const sourceNames = new Set(['providedBy', 'source', 'dataProvider'])

function sourceOf(instance: AttributeInstance): string | null {
  for (const name of sourceNames) {
    const sub = instancesOf(instance[name])[0]
    const said = sub?.value ?? sub?.object
    if (typeof said === 'string') return said
  }
  return null
}
