import { Combobox, TextInput, useCombobox } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useDeferredValue, useMemo, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { useTexts } from '../../i18n/use-texts.ts'
import type { Layer } from '../../layer/use-layers.ts'
import { findRows } from './find-rows.ts'

const mostResults = 12

/** Finds entities of the visible layers by name or id; Ctrl-K goes there. */
export function Search({
  layers,
  onSelect,
}: {
  readonly layers: readonly Layer[]
  readonly onSelect: (id: string, type: string) => void
}): ReactNode {
  const { t, word, language } = useTexts()
  const input = useRef<HTMLInputElement>(null)
  const [text, setText] = useState('')
  const wanted = useDeferredValue(text)
  const box = useCombobox({ onDropdownClose: () => box.resetSelectedOption() })
  useHotkeys([['mod+K', () => input.current?.focus()]], [])
  // The rows change in place; a search is of the moment it was typed.
  const found = useMemo(() => findRows(layers, wanted, mostResults, language), [layers, wanted, language])
  const choose = (value: string): void => {
    const hit = found.find((each) => `${each.type} ${each.row.id}` === value)
    if (hit !== undefined) onSelect(hit.row.id, hit.type)
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
      <Combobox.Dropdown hidden={wanted.trim() === ''}>
        <Combobox.Options aria-label={t('top.searchResults', { count: found.length })}>
          {found.map(({ row, type }) => (
            <Combobox.Option key={`${type} ${row.id}`} value={`${type} ${row.id}`}>
              <div>{row.label}</div>
              <div className="muted" style={{ fontSize: 12 }}>
                {word(type)}
              </div>
            </Combobox.Option>
          ))}
          {found.length === 0 && <Combobox.Empty>{t('top.searchNone', { text: wanted.trim() })}</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}
