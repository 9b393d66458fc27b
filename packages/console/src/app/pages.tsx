import { lazy, Suspense } from 'react'
import type { ReactNode } from 'react'
import { PanelBoundary } from './panel-boundary.tsx'
import { CommandPanel } from '../features/commands/command-panel.tsx'
import { entityIdOf } from '../features/devices/provisioning.ts'
import { EntityPanel } from '../features/entity/entity-panel.tsx'
import { MessageList } from '../features/quarantine/message-list.tsx'
import type { PageName } from './view.ts'

// The map's user does not wait for the forms of the pages for work.
const RulesPage = lazy(async () => ({ default: (await import('../features/rules/rules-page.tsx')).RulesPage }))
const QuarantinePage = lazy(async () => ({ default: (await import('../features/quarantine/quarantine-page.tsx')).QuarantinePage }))
const DevicesPage = lazy(async () => ({ default: (await import('../features/devices/devices-page.tsx')).DevicesPage }))
const DevicePage = lazy(async () => ({ default: (await import('../features/devices/device-page.tsx')).DevicePage }))
const CodecPage = lazy(async () => ({ default: (await import('../features/codecs/codec-page.tsx')).CodecPage }))

type PagesProps = {
  readonly page: Exclude<PageName, 'city'>
  readonly tenant: string | null
  readonly timeZone: string
  readonly types: readonly string[]
  /** The device that somebody is about to provision, known by a message of its. */
  readonly newDevice: { readonly deviceId: string; readonly apiKey: string } | null
  readonly onProvision: (deviceId: string, apiKey: string) => void
  readonly onShowEntity: (id: string, type: string) => void
  /** The one device shown; null: their list. */
  readonly device: string | null
  /** Shows a device, with the entity its values go to where that is known; null: the list again. */
  readonly onShowDevice: (deviceId: string | null, entity?: { readonly id: string; readonly type: string }) => void
  readonly chart: string | null
  readonly onChart: (attribute: string) => void
  readonly theme: 'light' | 'dark'
}

/** The page chosen, other than the city. */
export function Pages(props: PagesProps): ReactNode {
  return (
    <PanelBoundary key={`${props.page} ${props.device ?? ''}`}>
      <Suspense>{pageOf(props)}</Suspense>
    </PanelBoundary>
  )
}

function pageOf(props: PagesProps): ReactNode {
  const { page, tenant, timeZone, types, newDevice, onProvision } = props
  switch (page) {
    case 'rules':
      return <RulesPage tenant={tenant} types={types} />
    case 'quarantine':
      return <QuarantinePage tenant={tenant} timeZone={timeZone} onProvision={onProvision} />
    case 'devices':
      if (props.device !== null) return <OneDevice {...props} deviceId={props.device} />
      return (
        <DevicesPage
          tenant={tenant}
          types={types}
          first={newDevice}
          onShow={(device) => props.onShowDevice(device.device_id, { id: entityIdOf(device), type: device.entity_type ?? '' })}
        />
      )
    case 'codecs':
      return <CodecPage tenant={tenant} />
  }
}

function OneDevice({ deviceId, ...props }: PagesProps & { readonly deviceId: string }): ReactNode {
  const { tenant, timeZone, onShowDevice, onShowEntity } = props
  return (
    <DevicePage
      tenant={tenant}
      deviceId={deviceId}
      timeZone={timeZone}
      onBack={() => onShowDevice(null)}
      onShowEntity={onShowEntity}
      onShowDevice={onShowDevice}
      entity={(id, type) => (
        <EntityPanel
          tenant={tenant}
          id={id}
          type={type}
          time={live}
          timeZone={timeZone}
          chart={props.chart}
          layerAttribute={null}
          theme={props.theme}
          onChart={props.onChart}
          onShowPlace={() => onShowEntity(id, type)}
          onSelect={onShowEntity}
          actions={(entity) => <CommandPanel tenant={tenant} entity={entity} onShowDevice={null} />}
          onClose={null}
        />
      )}
      messages={<MessageList tenant={tenant} deviceId={deviceId} timeZone={timeZone} onProvision={props.onProvision} />}
    />
  )
}

const live = { mode: 'live' } as const
