import { Combobox, TextInput, useCombobox } from '@mantine/core'
import { useDebouncedValue, useHotkeys } from '@mantine/hooks'
import { IconFileText, IconSearch } from '@tabler/icons-react'
import { useDeferredValue, useMemo, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { useTexts } from '../../i18n/use-texts.ts'
import type { Layer } from '../../layer/use-layers.ts'
import { findRows } from './find-rows.ts'
import { useFoundEntities } from './use-found-entities.ts'

const mostResults = 12
const typingMs = 200

type SearchProps<PageName extends string> = {
  readonly tenant: string | null
  readonly layers: readonly Layer[]
  readonly pages: readonly { readonly name: PageName; readonly label: string }[]
  readonly onSelect: (id: string, type: string) => void
  readonly onPage: (page: PageName) => void
}

type Result = { readonly key: string; readonly label: string; readonly detail: string; readonly isPage: boolean; readonly choose: () => void }

/** Finds pages, and entities of all layers by name or id; Ctrl-K goes there. Visible layers answer at once, the server for the rest. */
export function Search<PageName extends string>({ tenant, layers, pages, onSelect, onPage }: SearchProps<PageName>): ReactNode {
  const { t, word, language } = useTexts()
  const input = useRef<HTMLInputElement>(null)
  const [text, setText] = useState('')
  const wanted = useDeferredValue(text)
  const [typed] = useDebouncedValue(text, typingMs)
  const others = useFoundEntities(tenant, typed, mostResults, language)
  const box = useCombobox({ onDropdownClose: () => box.resetSelectedOption() })
  useHotkeys([['mod+K', () => input.current?.focus()]], [])
  // The rows change in place; a search is of the moment it was typed.
  const rows = useMemo(() => findRows(layers, wanted, mostResults, language), [layers, wanted, language])
  const lower = wanted.trim().toLocaleLowerCase(language)
  const found: readonly Result[] = [
    ...pages
      .filter(({ label }) => lower !== '' && label.toLocaleLowerCase(language).includes(lower))
      .map(({ name, label }) => ({ key: `page ${name}`, label, detail: t('nav.label'), isPage: true, choose: () => onPage(name) })),
    ...rows.map(({ row, type }) => ({
      key: `${type} ${row.id}`,
      label: row.label,
      detail: word(type),
      isPage: false,
      choose: () => onSelect(row.id, type),
    })),
    ...others
      .filter(({ id }) => !rows.some(({ row }) => row.id === id))
      .map(({ id, type, label }) => ({ key: `${type} ${id}`, label, detail: word(type), isPage: false, choose: () => onSelect(id, type) })),
  ].slice(0, mostResults)
  const choose = (key: string): void => {
    found.find((each) => each.key === key)?.choose()
    setText('')
    box.closeDropdown()
  }
  return (
    <Combobox store={box} onOptionSubmit={choose} position="bottom-start" width={340}>
      <Combobox.Target>
        <TextInput
          ref={input}
          size="xs"
          aria-label={t('top.search')}
          placeholder={t('top.searchHint')}
          leftSection={<IconSearch size={15} />}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value)
            box.openDropdown()
            box.updateSelectedOptionIndex()
          }}
          onBlur={() => box.closeDropdown()}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={lower === ''}>
        <Combobox.Options aria-label={t('top.searchResults', { count: found.length })}>
          {found.map((result) => (
            <Combobox.Option key={result.key} value={result.key}>
              <div>
                {result.isPage && <IconFileText size={14} aria-hidden />} {result.label}
              </div>
              <div className="muted" style={{ fontSize: 12 }}>
                {result.detail}
              </div>
            </Combobox.Option>
          ))}
          {found.length === 0 && <Combobox.Empty>{t('top.searchNone', { text: wanted.trim() })}</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}
