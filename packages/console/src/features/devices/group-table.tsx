import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTexts } from '../../i18n/use-texts.ts'
import { ListState } from '../../page/page.tsx'
import { ForgetButton } from './forget-button.tsx'
import type { ServiceGroup } from './provisioning.ts'
import page from '../../page/page.module.css'

/** More groups than these are folded, so that the devices are in sight. */
const openGroups = 3

/** What the server takes where a group says nothing. */
const defaultProtocol = 'JSON'

/** The service groups: key, what their devices are, what their values mean. */
export function GroupTable({
  tenant,
  query,
}: {
  readonly tenant: string | null
  readonly query: UseQueryResult<readonly ServiceGroup[]>
}): ReactNode {
  const { t, word } = useTexts()
  const groups = query.data ?? []
  return (
    <details className={page.card} open={query.isSuccess && groups.length <= openGroups}>
      <summary className={page.cardHead}>
        <h3>{t('devices.groups')}</h3>
        <span className="muted">{t('devices.groupCount', { count: groups.length })}</span>
      </summary>
      <ListState query={query} empty={groups.length === 0 ? t('devices.noGroups') : null} />
      {groups.length > 0 && (
        <table className={page.table}>
          <caption className="srOnly">{t('devices.groups')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('devices.key')}</th>
              <th scope="col">{t('devices.type')}</th>
              <th scope="col">{t('devices.protocol')}</th>
              <th scope="col">{t('devices.unknownOnes')}</th>
              <th scope="col">
                <span className="srOnly">{t('page.actions')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {groups.map((group) => (
              <tr key={group.apikey} data-group={group.apikey}>
                <th scope="row" className={page.id}>
                  {group.apikey}
                </th>
                <td>
                  {word(group.entity_type ?? group.type ?? '')}
                  <span className={page.small}>{(group.attributes ?? []).map(({ name }) => word(name)).join(', ')}</span>
                </td>
                <td data-label={t('devices.protocol')}>{group.protocol ?? defaultProtocol}</td>
                <td data-label={t('devices.unknownOnes')}>{group.autoprovision === false ? t('devices.refused') : t('devices.letIn')}</td>
                <td>
                  <div className={page.rowActions}>
                    <ForgetButton tenant={tenant} kind="service-groups" id={group.apikey} />
                  </div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </details>
  )
}
