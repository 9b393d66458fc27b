import type { ReactNode } from 'react'
import { unitSymbol } from '../../format/units.ts'
import { useTexts } from '../../i18n/use-texts.ts'
import type { AttributeMapping, Device, ServiceGroup } from './provisioning.ts'
import classes from './devices.module.css'
import page from '../../page/page.module.css'

type DeviceSetupProps = { readonly device: Device; readonly group: ServiceGroup | null }

/** What the values of a device mean: which name in its messages becomes which attribute, and who says so, the device's own document or its group's. */
export function DeviceSetup({ device, group }: DeviceSetupProps): ReactNode {
  const { t, word } = useTexts()
  const own = device.attributes ?? []
  const named = new Set(own.map(objectIdOf))
  const mappings = [
    ...own.map((mapping) => ({ mapping, isOwn: true })),
    ...(group?.attributes ?? []).filter((mapping) => !named.has(objectIdOf(mapping))).map((mapping) => ({ mapping, isOwn: false })),
  ]
  const fixed = [...(device.static_attributes ?? []), ...(group?.static_attributes ?? [])]
  const codec = device.codec ?? group?.codec
  return (
    <section className={page.card} aria-labelledby="setup-title">
      <div className={page.cardHead}>
        <h3 id="setup-title">{t('devices.meaning')}</h3>
      </div>
      <dl className={classes.facts}>
        <dt>{t('devices.key')}</dt>
        <dd className={page.id}>{device.apikey ?? group?.apikey ?? '–'}</dd>
        {device.service_path !== undefined && (
          <>
            <dt>{t('devices.scope')}</dt>
            <dd className={page.id}>{device.service_path}</dd>
          </>
        )}
        {codec !== undefined && (
          <>
            <dt>{t('devices.codec')}</dt>
            <dd>{codec}</dd>
          </>
        )}
        {fixed.map(({ name, value }) => (
          <div key={name} className={classes.fact}>
            <dt>{word(name)}</dt>
            <dd>{textOf(value)}</dd>
          </div>
        ))}
      </dl>
      {mappings.length > 0 && (
        <table className={page.table}>
          <caption className="srOnly">{t('devices.meaning')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('devices.sent')}</th>
              <th scope="col">{t('devices.becomes')}</th>
              <th scope="col">{t('devices.saidBy')}</th>
            </tr>
          </thead>
          <tbody>
            {mappings.map(({ mapping, isOwn }) => (
              <tr key={objectIdOf(mapping)} data-mapping={objectIdOf(mapping)}>
                <th scope="row" className={page.id}>
                  {objectIdOf(mapping)}
                </th>
                <td>
                  {word(mapping.name)} {unitSymbol(unitOf(mapping))}
                  {mapping.expression !== undefined && <code className={page.small}>{mapping.expression}</code>}
                </td>
                <td data-label={t('devices.saidBy')}>{isOwn ? t('devices.byDevice') : t('devices.byGroup')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

function objectIdOf({ name, object_id: id }: AttributeMapping): string {
  return id ?? name
}

function unitOf({ metadata, unitCode }: AttributeMapping): string | undefined {
  const stated = metadata?.unitCode?.value
  return unitCode ?? (typeof stated === 'string' ? stated : undefined)
}

/** A place as latitude and longitude, other things as they are written. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  const { coordinates, type } = (value ?? {}) as { readonly type?: unknown; readonly coordinates?: readonly number[] }
  return type === 'Point' && coordinates?.length === 2 ? coordinates.toReversed().join(', ') : JSON.stringify(value)
}
