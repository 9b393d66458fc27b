import { useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef } from 'react'
import type { ReactNode } from 'react'
import { sendJson } from '../api/client.ts'
import type { TimeChoice } from '../api/time-choice.ts'
import { EntityPanel } from '../features/entity/entity-panel.tsx'
import { updateEntity } from '../features/entity/use-entity.ts'
import { Digest } from '../features/feed/digest.tsx'
import type { EntityChange } from '../features/feed/feed.ts'
import { useFeed } from '../features/feed/use-feed.ts'
import { LayersPanel } from '../features/layers/layers-panel.tsx'
import { ListTwin } from '../features/list/list-twin.tsx'
import type { MapHandle } from '../features/map/city-map.tsx'
import { useBasemap } from '../features/map/use-basemap.ts'
import { Ribbon } from '../features/session/ribbon.tsx'
import { useTenants } from '../features/session/session.ts'
import type { Session } from '../features/session/session.ts'
import { PastFrame } from '../features/time/past-frame.tsx'
import { TimeBar } from '../features/time/time-bar.tsx'
import { ownTimeZone } from '../format/civil-time.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { LiveRows } from '../layer/live-rows.ts'
import { liveRowsIn, useCounts, useLayers, useTypes } from '../layer/use-layers.ts'
import { PaneTabs } from './pane-tabs.tsx'
import { PanelBoundary } from './panel-boundary.tsx'
import { SkipLinks } from './skip-links.tsx'
import { TopBar } from './top-bar.tsx'
import { useIsPhone } from './use-is-phone.ts'
import type { ChangeView } from './use-view.ts'
import { emptyView } from './view.ts'
import type { View } from './view.ts'
import classes from './shell.module.css'

// MapLibre is half of the program: lists and layers do not wait for it.
const CityMap = lazy(async () => ({ default: (await import('../features/map/city-map.tsx')).CityMap }))

type ScreenProps = { readonly session: Session; readonly view: View; readonly changeView: ChangeView; readonly theme: 'light' | 'dark' }

const firstLayers = 3
const noTypes: readonly string[] = []
const wholeWorld = { lon: 0, lat: 25, zoom: 1.5 }

/** The whole screen of one tenant: puts the features side by side and tells each what it shows. */
export function Screen({ session, view, changeView, theme }: ScreenProps): ReactNode {
  const { t, language } = useTexts()
  const client = useQueryClient()
  const isPhone = useIsPhone()
  const map = useRef<MapHandle>(null)
  const { tenant, time } = view
  const timeZone = session.city?.timeZone ?? ownTimeZone

  const typesQuery = useTypes(tenant)
  const types = typesQuery.data ?? noTypes
  const summaries = useCounts(tenant, types, time)
  const shown = useMemo(() => (view.layers ?? types.slice(0, firstLayers)).filter((type) => types.includes(type)), [view.layers, types])
  const live = useMemo(() => new LiveRows(), [])
  const layers = useLayers(tenant, shown, view.attributes, time, language, live)
  const basemap = useBasemap()

  const entityId = view.entity?.id ?? null
  const entityIdNow = useRef(entityId)
  useEffect(() => {
    entityIdNow.current = entityId
  }, [entityId])
  const onChanges = useCallback(
    (changes: readonly EntityChange[]) => {
      live.apply(changes, liveRowsIn(client, tenant))
      // A city that fills up shows its first layers at once, not at the next look.
      const known = client.getQueryData<readonly string[]>(['types', tenant])
      if (known !== undefined && changes.some((change) => !known.includes(change.type)))
        void client.invalidateQueries({ queryKey: ['types', tenant] })
      const selected = changes.findLast((change) => change.id === entityIdNow.current)
      if (selected !== undefined) updateEntity(client, tenant, selected.id, selected.entity)
    },
    [client, live, tenant],
  )
  const onReset = useCallback(() => fetchAnew(client, tenant), [client, tenant])
  const followed = useMemo(
    () => [...new Set([...shown, ...(view.entity === null || view.entity.type === '' ? [] : [view.entity.type])])],
    [shown, view.entity],
  )
  const feed = useFeed(tenant, followed, onChanges, onReset)

  const listed = view.list !== null && shown.includes(view.list) ? view.list : isPhone ? (shown[0] ?? null) : null
  const listedLayer = layers.find((layer) => layer.type === listed) ?? null
  const select = (id: string, type: string): void =>
    changeView({ entity: { id, type }, chart: null, ...(isPhone ? { pane: 'entity' as const } : {}) })
  const toggle = (type: string, isOn: boolean): void =>
    changeView({ layers: isOn ? [...shown, type] : shown.filter((each) => each !== type), ...(!isOn && listed === type ? { list: null } : {}) })
  const list = (type: string): void =>
    changeView({
      list: view.list === type && !isPhone ? null : type,
      ...(shown.includes(type) ? {} : { layers: [...shown, type] }),
      ...(isPhone ? { pane: 'list' as const } : {}),
    })
  const selectedRow = layers.flatMap((layer) => (entityId === null ? [] : (layer.rows?.rows.get(entityId) ?? [])))[0] ?? null
  const selection =
    selectedRow === null || selectedRow.lon === null || selectedRow.lat === null || Math.abs(selectedRow.lon) > 180 || Math.abs(selectedRow.lat) > 90
      ? null
      : { id: selectedRow.id, lon: selectedRow.lon, lat: selectedRow.lat, label: selectedRow.label }
  const city = session.city
  const home = city === null ? wholeWorld : { lon: city.center[0], lat: city.center[1], zoom: city.zoom }

  return (
    <div className={classes.screen} data-pane={view.pane} data-entity={view.entity !== null} data-list={listed !== null}>
      <SkipLinks hasList={listed !== null} hasEntity={view.entity !== null} onlyPane={isPhone ? view.pane : null} />
      <div className={classes.head}>
        {session.ribbon !== null && <Ribbon kind={session.ribbon} />}
        <PastFrame time={time} timeZone={timeZone} />
        <TopBar
          city={city?.name ?? null}
          timeZone={timeZone}
          feed={feed}
          tenants={useTenants()}
          tenant={tenant}
          layers={layers}
          theme={theme}
          mayLogOut={session.needsToken && session.authenticated}
          onTenant={(next) => changeView({ ...emptyView, language: view.language, theme: view.theme, tenant: next })}
          onSelect={select}
          onLanguage={(next) => changeView({ language: next }, 'replace')}
          onTheme={(next) => changeView({ theme: next }, 'replace')}
          onLogOut={() => void sendJson('DELETE', '/api/session').then(() => client.resetQueries())}
        />
      </div>
      <main className={classes.main}>
        <div className={classes.layers}>
          <PanelBoundary>
            <LayersPanel
              summaries={summaries}
              layers={layers}
              listed={listed}
              theme={theme}
              isLoading={typesQuery.isPending}
              error={typesQuery.error}
              onToggle={toggle}
              onToggleAll={(isOn) => changeView({ layers: isOn ? types : [], ...(isOn ? {} : { list: null }) })}
              onList={list}
              onFit={(type) => map.current?.showRows(layers.find((layer) => layer.type === type)?.rows?.rows.values() ?? [])}
              onColour={(type, attribute) => changeView({ attributes: { ...view.attributes, [type]: attribute } })}
            />
          </PanelBoundary>
        </div>
        <div className={classes.centre}>
          <div className={classes.mapPane}>
            <PanelBoundary>
              <Suspense>
                {basemap !== null && (
                  <CityMap
                    ref={map}
                    basemap={basemap}
                    theme={theme}
                    types={types}
                    layers={layers}
                    selection={selection}
                    camera={view.camera}
                    home={home}
                    onCamera={(camera) => changeView({ camera }, 'replace')}
                    onSelect={select}
                  />
                )}
              </Suspense>
            </PanelBoundary>
          </div>
          {(listed !== null || isPhone) && (
            <div className={classes.listPane}>
              <PanelBoundary key={listed}>
                <ListTwin
                  layer={listedLayer}
                  layers={layers}
                  time={time}
                  selectedId={entityId}
                  onSelect={select}
                  onChoose={(type) => changeView({ list: type })}
                  onClose={isPhone ? null : () => changeView({ list: null })}
                />
              </PanelBoundary>
            </div>
          )}
        </div>
        {view.entity !== null ? (
          <div className={classes.entity}>
            <PanelBoundary key={view.entity.id}>
              <EntityPanel
                tenant={tenant}
                id={view.entity.id}
                type={view.entity.type}
                time={time}
                timeZone={timeZone}
                chart={view.chart}
                layerAttribute={layers.find((layer) => layer.type === view.entity?.type)?.rows?.attribute ?? null}
                theme={theme}
                onChart={(attribute) => changeView({ chart: attribute })}
                onShowPlace={(lon, lat) => {
                  if (isPhone) changeView({ pane: 'map' })
                  map.current?.showPlace(lon, lat)
                }}
                onSelect={select}
                onClose={() => changeView({ entity: null, chart: null, ...(isPhone ? { pane: 'list' as const } : {}) })}
              />
            </PanelBoundary>
          </div>
        ) : (
          isPhone && (
            <div className={classes.entity}>
              <div className={classes.nothing}>
                <strong>{t('entity.none')}</strong>
                <p className="muted">{t('entity.noneHint')}</p>
              </div>
            </div>
          )
        )}
      </main>
      <div className={classes.foot}>
        <TimeBar time={time} timeZone={timeZone} onTime={(next: TimeChoice) => changeView({ time: next })} />
        {isPhone && <PaneTabs pane={view.pane} onPane={(pane) => changeView({ pane }, 'replace')} />}
      </div>
      <Digest count={useCallback(() => live.count, [live])} />
    </div>
  )
}

/** Fetches the whole live state of a tenant again, after the stream began anew. */
async function fetchAnew(client: ReturnType<typeof useQueryClient>, tenant: string | null): Promise<void> {
  await Promise.all(
    ['types', 'count', 'layer', 'entity', 'session'].map((kind) =>
      client.invalidateQueries({ queryKey: kind === 'session' ? [kind] : [kind, tenant], refetchType: 'active' }),
    ),
  )
}
